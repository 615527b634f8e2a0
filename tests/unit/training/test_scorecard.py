"""Scoring from the tables alone, on a card small enough to add up by hand."""

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from training.model_tables import ModelTables
from training.scorecard import Scorecard

Tables = dict[str, Any]


def bin_row(feature: str, index: int, kind: str, points: float, **ends: Any) -> Tables:  # noqa: ANN401 # bounds or categories
    row = {"feature": feature, "bin_index": index, "bin_kind": kind}
    row |= {"lower": None, "upper": None, "categories": None} | ends
    return row | {"row_count": 1, "event_count": 0, "woe": 0.0, "points": points}


def content() -> Tables:
    return {
        "scorecard": {"score_factor": 20 / math.log(2), "score_offset": 487.0}
        | {"cutoff_score": 500.0, "score_shown_min": 300, "score_shown_max": 850}
        | {"reasons_at_most": 4},
        "scorecard_features": [
            {"feature": name, "reason_code": code, "reference_points": points}
            for name, code, points in (
                ("recency_days", "R01", 250.0),
                ("transaction_count", "R02", 200.0),
                ("main_channel", "R02", 60.0),
            )
        ],
        "scorecard_points": [
            bin_row("recency_days", 0, "missing", 240.0),
            bin_row("recency_days", 1, "range", 300.0, upper=7.0),
            bin_row("recency_days", 2, "range", 200.25, lower=7.0),
            bin_row("transaction_count", 0, "missing", 190.0),
            bin_row("transaction_count", 1, "range", 150.0, upper=2.0),
            bin_row("transaction_count", 2, "range", 200.0, lower=2.0, upper=10.0),
            bin_row("transaction_count", 3, "range", 250.0, lower=10.0),
            bin_row("main_channel", 0, "missing", 40.0),
            bin_row("main_channel", 1, "category", 80.0, categories=["shop", "web"]),
            bin_row("main_channel", 2, "other", 50.0),
        ],
        "rating_scale": [
            {"grade": "A", "lower": 600.0, "upper": None, "action": "approve"},
            {"grade": "B", "lower": 500.0, "upper": 600.0, "action": "approve"},
            {"grade": "C", "lower": None, "upper": 500.0, "action": "refer"},
        ],
    }


@pytest.fixture
def card() -> Scorecard:
    return Scorecard(ModelTables.from_content(content()))


FRAME = {
    "recency_days": [3.0, 7.0, None, 6.999999999],
    "transaction_count": [10.0, 1.0, 2.0, np.nan],
    "main_channel": ["web", "fax", None, "shop"],
}


def test_points_by_hand_at_edges_missing_and_unseen(card: Scorecard) -> None:
    expected = [[300, 250, 80], [200.25, 150, 50], [240, 200, 40], [300, 190, 80]]
    assert card.points(FRAME).tolist() == expected


def test_points_sum_to_the_score(card: Scorecard) -> None:
    assert card.score(FRAME).tolist() == [630.0, 400.25, 480.0, 570.0]


def test_a_frame_and_a_dict_score_the_same(card: Scorecard) -> None:
    frame = pd.DataFrame(FRAME)
    assert card.score(frame).tolist() == card.score(FRAME).tolist()


def test_probability_is_half_at_the_offset_and_falls_with_the_score(
    card: Scorecard,
) -> None:
    scores = np.array([487.0, 507.0, 1e9, -1e9])
    expected = [1 / 2, 1 / 3, 0.0, 1.0]
    assert card.proxy_probability(scores) == pytest.approx(expected, abs=1e-15)


def test_grades_hold_their_lower_bound(card: Scorecard) -> None:
    scores = np.array([600.0, 599.999, 500.0, 499.999])
    assert card.grade(scores).tolist() == ["A", "B", "B", "C"]
    assert card.action(scores).tolist() == ["approve", "approve", "approve", "refer"]
    assert card.high_risk(scores).tolist() == [False, False, False, True]


def test_reasons_are_summed_by_code_largest_first(card: Scorecard) -> None:
    reasons = card.reasons(FRAME)
    # Row 1: R01 loses 49.75, R02 loses 50 + 10.
    found = [[(reason.code, reason.loss) for reason in row] for row in reasons]
    assert found == [
        [],
        [("R02", 60.0), ("R01", 49.75)],
        [("R02", 20.0), ("R01", 10.0)],
        [],
    ]


def test_who_is_referred_without_a_loss_is_measured_against_the_cutoff() -> None:
    """Means 190 + 150 + 40, best 300 + 250 + 80: the cut-off 505 is half the way."""
    tables = content()
    tables["scorecard"]["cutoff_score"] = 505.0
    tables["rating_scale"][1]["lower"] = tables["rating_scale"][2]["upper"] = 505.0
    for row, mean in zip(
        tables["scorecard_features"], (190.0, 150.0, 40.0), strict=True
    ):
        row["reference_points"] = mean
    card = Scorecard(ModelTables.from_content(tables))
    # Row 2 has 200.25, 150 and 50 of 245, 200 and 60.
    found = [[(r.code, r.loss) for r in row] for row in card.reasons(FRAME)]
    assert found[0] == []
    assert found[1] == [("R02", 60.0), ("R01", 44.75)]


def test_equal_losses_are_ordered_by_code() -> None:
    tables = content()
    tables["scorecard_features"][0]["reference_points"] = 260.25
    card = Scorecard(ModelTables.from_content(tables))
    assert [reason.code for reason in card.reasons(FRAME)[1]] == ["R01", "R02"]


def test_at_most_four_reasons_and_none_for_rounding_noise() -> None:
    names = [f"f{i}" for i in range(6)]
    tables = content() | {
        "scorecard_features": [
            {"feature": n, "reason_code": f"R{n}", "reference_points": 10.0 + i}
            for i, n in enumerate(names)
        ],
        "scorecard_points": [
            row
            for n in names
            for row in (
                bin_row(n, 0, "missing", 10.0 - 1e-10),
                bin_row(n, 1, "range", 10.0),
            )
        ],
    }
    card = Scorecard(ModelTables.from_content(tables))
    codes = [reason.code for reason in card.reasons({n: [1.0] for n in names})[0]]
    assert codes == ["Rf5", "Rf4", "Rf3", "Rf2"]
    missing = card.reasons({n: [None if n == "f0" else 99.0] for n in names})[0]
    assert "Rf0" not in [reason.code for reason in missing]


@pytest.mark.parametrize(
    ("row", "change"),
    [(2, {"lower": 8.0}), (1, {"lower": 0.0}), (0, {"bin_kind": "range"})],
)
def test_bins_that_are_no_partition_are_refused(row: int, change: Tables) -> None:
    tables = content()
    tables["scorecard_points"][row] |= change
    with pytest.raises(ValueError, match="no partition"):
        Scorecard(ModelTables.from_content(tables))


def test_a_category_in_two_bins_is_refused() -> None:
    tables = content()
    tables["scorecard_points"][8]["categories"] = ["web", "web"]
    with pytest.raises(ValueError, match="main_channel"):
        Scorecard(ModelTables.from_content(tables))


def test_shown_score_is_rounded_half_up_and_clipped(card: Scorecard) -> None:
    scores = np.array([300.5, 301.4, 12.0, 851.0])
    assert card.score_shown(scores).tolist() == [301, 301, 300, 850]


def test_bounds_and_number_of_reasons_are_the_cards(card: Scorecard) -> None:
    tables = content()
    tables["scorecard"] |= {"score_shown_min": 310, "score_shown_max": 600}
    tables["scorecard"] |= {"reasons_at_most": 1}
    other = Scorecard(ModelTables.from_content(tables))
    assert other.score_shown(np.array([12.0, 851.0])).tolist() == [310, 600]
    worst = {"recency_days": [9.0], "transaction_count": [1.0], "main_channel": ["?"]}
    assert len(card.reasons(worst)[0]) == 2
    assert other.reasons(worst) == [card.reasons(worst)[0][:1]]


def test_version_follows_content_and_json_keeps_every_digit() -> None:
    tables = ModelTables.from_content(content())
    again = ModelTables.from_content(json.loads(tables.to_json()))
    assert again.model_version == tables.model_version
    assert len(tables.model_version) == 12
    changed = content()
    changed["scorecard_points"][0]["points"] = np.nextafter(240.0, 241.0)
    changed_version = ModelTables.from_content(changed).model_version
    assert changed_version != tables.model_version
