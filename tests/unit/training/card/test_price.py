"""The price of interpretability is told on every split, and where it is too high."""

import pytest

from tests.unit.training.card.given import METRIC, SPLITS, given_facts
from training.card.chapters.challenger import challenger
from training.card.parts import Row, Section
from training.card.price import GINI_BEHIND, said_behind, splits_behind
from training.card.reading import Facts

OOF = "train_oof"


def price(split: str, difference: float | None) -> Row:
    ends = (None, None)
    if difference is not None:
        ends = (difference - 0.01, difference + 0.01)
    return {
        "candidate": "scorecard",
        "compared_with": "xgboost",
        "split": split,
        "row_count": 900,
        **dict.fromkeys(("roc_auc_difference", "share_better"), 0.0),
        **dict.fromkeys(("roc_auc_difference_lower", "roc_auc_difference_upper"), 0.0),
        "gini_difference": difference,
        "gini_difference_lower": ends[0],
        "gini_difference_upper": ends[1],
    }


def priced(**differences: float | None) -> Facts:
    both = [
        {**METRIC, "split": split, "candidate": name, "gini": gini}
        for split in (*SPLITS, OOF)
        for name, gini in (("scorecard", 0.6), ("xgboost", 0.65))
    ]
    parts = [("recency_days", 3.0), ("value_7d", 1.0)]
    return given_facts(
        metrics=both,
        comparisons=[price(split, d) for split, d in differences.items()],
        features=[
            {"name": "recency_days", "coefficient": 1.0},
            {"name": "value_7d", "coefficient": None},
        ],
        contributions=[{"feature": f, "mean_contribution": c} for f, c in parts],
    )


def prices(section: Section) -> dict[str, tuple[str, str]]:
    (table,) = [table for table in section.tables if table.name == "prices"]
    return {row["split"]: (row["price"], row["behind"]) for row in table.rows}


def test_every_split_has_its_price() -> None:
    chapter = challenger(priced(train_oof=-0.045, fold_0=0.01, test=-0.02))
    assert prices(chapter) == {
        "train_oof": ("-0.045 [-0.055, -0.035]", "yes"),
        "fold_0": ("+0.010 [+0.000, +0.020]", "no"),
        "test": ("-0.020 [-0.030, -0.010]", "no"),
    }
    text = " ".join(chapter.text)
    assert "more than 0.03 Gini behind XGBoost on train_oof (-0.045)." in text
    assert "25% of its mean absolute contributions" in text
    assert "(largest: value_7d)" in text


def test_within_the_bar_nothing_is_explained_away() -> None:
    text = " ".join(challenger(priced(test=-0.02, test_unseen=-0.0299)).text)
    assert "behind XGBoost on none of these splits" in text
    assert "XGBoost has what it lacks" not in text


@pytest.mark.parametrize(
    ("difference", "is_behind"), [(-GINI_BEHIND, False), (-0.0301, True), (0.2, False)]
)
def test_the_bar_is_a_distance_behind(difference: float, is_behind: bool) -> None:
    assert splits_behind([price("test", difference)]) == ["test"] * is_behind


def test_what_was_not_measured_is_no_zero() -> None:
    assert said_behind([price("test", None)]) == (
        "On no split were both of them measured."
    )
    unknown = {**METRIC, "candidate": "scorecard", "event_rate": 1.0}
    facts = given_facts(metrics=[unknown])
    assert "xgboost was not trained" in " ".join(challenger(facts).text)
    assert prices_of_none(facts) == "not assessed: XGBoost was not trained"


def prices_of_none(facts: Facts) -> str:
    (table,) = [t for t in challenger(facts).tables if t.name == "prices"]
    (row,) = table.rows
    return str(row["split"])
