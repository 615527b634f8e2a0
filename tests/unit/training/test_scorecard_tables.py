"""The tables of a fitted card: points by the formula, every bin, reference points."""

from collections.abc import Mapping

import pytest

from training.fitting import Frozen, Problem
from training.scorecard import Scorecard
from training.splits import TEST, TRAIN, TRAIN_OOF


@pytest.fixture
def card(frozen: Mapping[str, Frozen]) -> Frozen:
    return frozen["scorecard"]


def test_calibrated_card_predicts_the_observed_rate_out_of_fold(
    problem: Problem, card: Frozen
) -> None:
    assert card.probabilities is not None
    predicted = card.probabilities[TRAIN_OOF].mean()
    assert predicted == pytest.approx(problem.target_of(TRAIN).mean(), abs=1e-6)


def test_points_follow_the_formula_and_sum_to_the_log_odds(
    problem: Problem, card: Frozen
) -> None:
    assert card.tables is not None
    scorer, tables = Scorecard(card.tables), card.tables
    head, count = tables.scorecard, len(tables.features)
    coefficients = {row["feature"]: row["coefficient"] for row in tables.features}
    for row in tables.points:
        weighed = -(coefficients[row["feature"]] * row["woe"])
        by_formula = head["score_offset"] / count + head["score_factor"] * (
            weighed - head["intercept"] / count
        )
        assert row["points"] == pytest.approx(by_formula, abs=1e-9)
    fitted, frame = card.estimator.fitted, problem.frame(TEST)
    calibrated = head["calibration_intercept"] + head[
        "calibration_slope"
    ] * fitted.log_odds(frame)
    expected = head["score_offset"] - head["score_factor"] * calibrated
    assert scorer.score(frame) == pytest.approx(expected, abs=1e-9)


def test_reference_points_are_the_mean_of_the_train_rows(
    problem: Problem, card: Frozen
) -> None:
    assert card.tables is not None
    means = Scorecard(card.tables).points(problem.frame(TRAIN)).mean(axis=0)
    reference = [row["reference_points"] for row in card.tables.features]
    assert reference == pytest.approx(means.tolist(), abs=1e-9)


def test_every_bin_of_the_contract_is_in_the_tables(
    problem: Problem, card: Frozen
) -> None:
    tables = card.tables
    assert tables is not None
    rows = len(problem.target_of(TRAIN))
    kinds = {f.name: f.kind for f in problem.examples.features}
    for feature in tables.features:
        bins = [row for row in tables.points if row["feature"] == feature["feature"]]
        assert sum(row["row_count"] for row in bins) == rows
        found = [row["bin_kind"] for row in bins]
        inner = {"numeric": "range", "categorical": "category"}[
            kinds[feature["feature"]]
        ]
        tail = ["other"] if inner == "category" else []
        count = len(bins) - 1 - len(tail)
        assert found == ["missing"] + [inner] * count + tail
