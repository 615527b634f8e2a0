"""Calibration by hand numbers, against scipy, and of the trained candidates."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from training.calibration import calibration_line, hosmer_lemeshow, isotonic_curve
from training.evaluation import Evaluation, evaluate
from training.fitting import Frozen, Problem, train_scorecard
from training.grade_calibration import (
    binomial_p_value,
    calibrate_grades,
    jeffreys_interval,
    jeffreys_p_value,
)
from training.regression import fit_calibration
from training.splits import FOLD_0, TEST, TEST_UNSEEN, TRAIN_OOF

# Predicted 1/4 and 3/4, observed 30 of 120 and 60 of 120.
PREDICTED = np.log(np.repeat([1 / 3, 3.0], 120))
TARGET = np.r_[np.arange(120) < 30, np.arange(120) < 60]


def test_the_line_by_hand() -> None:
    line = calibration_line(PREDICTED, TARGET, np.arange(240).astype(object))
    assert line is not None
    # Observed log odds are -ln 3 and 0 at predicted -ln 3 and ln 3.
    assert line.slope == pytest.approx(0.5, abs=1e-4)
    assert line.intercept == pytest.approx(-np.log(3) / 2, abs=1e-4)
    # Variance of each log odds: 1/30 + 1/90 and 1/60 + 1/60; 2 ln 3 apart.
    error = np.sqrt(4 / 90 + 2 / 60) / (2 * np.log(3)) * np.sqrt(240 / 239)
    assert line.slope_upper - line.slope == pytest.approx(1.959964 * error, rel=1e-3)
    assert line.slope - line.slope_lower == pytest.approx(1.959964 * error, rel=1e-3)


def test_a_customer_seen_twice_is_not_two() -> None:
    once = calibration_line(PREDICTED, TARGET, np.arange(240).astype(object))
    twice = calibration_line(
        np.tile(PREDICTED, 2),
        np.tile(TARGET, 2),
        np.tile(np.arange(240), 2).astype(object),
    )
    assert once is not None
    assert twice is not None
    assert twice.slope_lower == pytest.approx(once.slope_lower, abs=1e-4)


def test_no_line_through_what_says_nothing() -> None:
    customers = np.arange(240).astype(object)
    assert calibration_line(PREDICTED, TARGET & False, customers) is None
    assert calibration_line(np.zeros(240), TARGET, customers) is None
    certain = np.where(TARGET, np.inf, -1.0)
    assert calibration_line(certain, TARGET, customers) is None


def test_hosmer_lemeshow_by_hand() -> None:
    # Ten groups of 10 rows at 0.5, with 7 events in one and 5 in the others.
    target = np.tile(np.arange(10) < 5, 10)
    target[5:7] = True
    statistic, p_value = hosmer_lemeshow(np.full(100, 0.5), target)
    assert statistic == pytest.approx((7 - 5) ** 2 / (10 * 0.5 * 0.5))
    assert p_value == pytest.approx(stats.chi2.sf(1.6, 10))
    _, on_its_own_rows = hosmer_lemeshow(np.full(100, 0.5), target, fitted=2)
    assert on_its_own_rows == pytest.approx(stats.chi2.sf(1.6, 8))
    assert hosmer_lemeshow(np.zeros(100), target) == (None, None)


@pytest.mark.parametrize(
    ("events", "rows", "predicted"), [(0, 40, 0.02), (7, 40, 0.1), (40, 40, 0.9)]
)
def test_grade_tests_agree_with_scipy(events: int, rows: int, predicted: float) -> None:
    expected = stats.binom.sf(events - 1, rows, predicted)
    assert binomial_p_value(events, rows, predicted) == pytest.approx(expected)
    posterior = stats.beta(events + 0.5, rows - events + 0.5)
    assert jeffreys_p_value(events, rows, predicted) == pytest.approx(
        posterior.cdf(predicted)
    )
    lower, upper = jeffreys_interval(events, rows)
    assert lower <= events / rows <= upper
    if 0 < events < rows:
        assert (lower, upper) == pytest.approx(tuple(posterior.ppf([0.025, 0.975])))


def test_an_underestimated_grade_is_red_and_an_empty_one_says_nothing() -> None:
    bands = (("A", 3.0, None), ("B", 2.0, 3.0), ("C", 1.0, 2.0), ("D", None, 1.0))
    scale = [
        {"position": i, "grade": g, "action": "refer", "lower": lower, "upper": upper}
        for i, (g, lower, upper) in enumerate(bands, start=1)
    ]
    scores = np.repeat([3.0, 2.5, 0.0], 100)
    target = np.r_[np.arange(100) < 10, np.arange(100) < 16, np.arange(100) < 25]
    a, b, c, d = calibrate_grades(
        scale, scores=scores, probability=np.full(300, 0.1), target=target
    )
    assert [g.traffic_light for g in (a, b, c, d)] == ["green", "yellow", None, "red"]
    assert (b.row_share, b.event_count, b.predicted, b.observed) == (
        *(1 / 3, 16, pytest.approx(0.1), 0.16),
    )
    assert (c.row_count, c.predicted, c.jeffreys_p_value) == (0, None, None)


def test_the_card_is_calibrated_out_of_fold_and_only_reported_on_test(
    evaluation: Evaluation,
) -> None:
    assert list(evaluation.calibration) == [TRAIN_OOF, FOLD_0, TEST, TEST_UNSEEN]
    rows = {
        (split, row.candidate, row.method): row
        for split, found in evaluation.calibration.items()
        for row in found
    }
    fitted = rows[TRAIN_OOF, "scorecard", "linear"]
    assert fitted.slope == pytest.approx(1, abs=1e-3)
    assert fitted.intercept == pytest.approx(0, abs=1e-3)
    assert fitted.predicted == pytest.approx(fitted.observed, abs=1e-6)
    assert rows[TRAIN_OOF, "scorecard", "none"].slope != pytest.approx(1, abs=1e-3)
    test = rows[TEST, "scorecard", "linear"]
    assert test.slope != pytest.approx(1, abs=1e-3)
    assert test.brier == evaluation.metrics["scorecard"][TEST].brier
    # A curve is not shown on the rows it was fitted to.
    assert (TRAIN_OOF, "scorecard", "isotonic") not in rows
    assert rows[TEST, "xgboost", "isotonic"].slope is None
    assert not any("recency_days" in key for key in rows)


def test_the_isotonic_curve_knows_nothing_of_test(
    problem: Problem, frozen: Mapping[str, Frozen], evaluation: Evaluation
) -> None:
    turned = problem.target.copy()
    turned[problem.splits.rows[TEST]] ^= True
    settings = replace(problem.settings, bootstrap_resamples=2)
    card = {"scorecard": frozen["scorecard"]}
    columns = {n: f for n, f in frozen.items() if f.kind == "baseline"}
    again = evaluate(replace(problem, target=turned, settings=settings), card | columns)
    for first, second in zip(
        evaluation.calibration[TEST], again.calibration[TEST], strict=False
    ):
        assert first.predicted == second.predicted
        assert first.observed != second.observed
    # No prediction is certain, however far off the rows it was fitted to.
    curve = isotonic_curve(np.arange(9.0), np.arange(9) >= 5)
    assert curve.predict([-5.0, 99.0]).tolist() == pytest.approx([0.05, 0.95])


def test_grades_of_the_card_cover_all_rows_and_rise(evaluation: Evaluation) -> None:
    for split, grades in evaluation.grades.items():
        metrics = evaluation.metrics["scorecard"][split]
        assert sum(g.row_count for g in grades) == metrics.row_count
        assert sum(g.row_share for g in grades) == pytest.approx(1)
        predicted = [g.predicted for g in grades if g.predicted is not None]
        assert predicted == sorted(predicted)
    observed = [g.observed or 0.0 for g in evaluation.grades[TRAIN_OOF]]
    assert observed == sorted(observed)
    assert max(g.row_share for g in evaluation.grades[TRAIN_OOF]) <= 0.3


def test_the_mean_is_the_central_tendency_where_outcomes_are_observed(
    problem: Problem, frozen: Mapping[str, Frozen]
) -> None:
    examples = replace(problem.examples, label_source="observed", central_tendency=0.02)
    shifted = train_scorecard(replace(problem, examples=examples))
    assert shifted.probabilities is not None
    assert shifted.probabilities[TRAIN_OOF].mean() == pytest.approx(0.02, abs=1e-9)
    before = frozen["scorecard"]
    assert before.tables is not None
    assert shifted.tables is not None
    slope = "calibration_slope"
    assert shifted.tables.scorecard[slope] == before.tables.scorecard[slope]
    moved = shifted.values[TEST] - before.values[TEST]
    assert moved.min() > 0
    assert np.ptp(moved) < 1e-9


def test_any_central_tendency_is_met() -> None:
    log_odds = np.random.default_rng(0).normal(-8, 3, 2_000)
    target = np.arange(len(log_odds)) % 3 == 0
    for rate in (0.0001, 0.3, 0.9999):
        line = fit_calibration(
            log_odds, target, minimum_slope=0.1, central_tendency=rate
        )
        probability = 1 / (1 + np.exp(-line.apply(log_odds)))
        assert probability.mean() == pytest.approx(rate, rel=1e-6)
