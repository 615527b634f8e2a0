"""Selection and regression of the card: what stays, what leaves, what is recovered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from training import binning
from training.contract import Feature
from training.errors import TrainingError
from training.fitting import Problem, train_scorecard
from training.metrics import rank_metrics
from training.regression import fit_calibration, fit_logistic
from training.scorecard_fit import (
    BELOW_FLOOR,
    CONSTANT,
    CORRELATED,
    IN_CARD,
    ScorecardFit,
    fit_scorecard,
)
from training.selection import LEAK_TEST, log_selection, selection_rows
from training.settings import ScorecardPolicy
from training.solver import SolverError
from training.splits import TEST
from training.stability import Shift, Stability

POLICY = ScorecardPolicy()
ROWS = 4000
KNOWS_NOTHING = "it knows nothing after its window"
COLUMNS = ("a", "b", "twin", "noise", "constant")
FEATURES = tuple(
    Feature(i, name, "numeric", "either", f"R{i}") for i, name in enumerate(COLUMNS, 1)
)


def frame_and_target(seed: int = 5) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Two independent effects on the log odds, a copy, noise, a constant."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 4, ROWS), rng.integers(0, 3, ROWS)
    log_odds = -1.0 + 0.9 * (a - 1.5) - 0.7 * (b - 1.0)
    target = rng.random(ROWS) < 1 / (1 + np.exp(-log_odds))
    frame = {
        "a": a + 0.0,
        "b": b + 0.0,
        "twin": a + rng.normal(0, 0.6, ROWS),
        "noise": rng.random(ROWS),
        "constant": np.ones(ROWS),
    }
    return frame, target


def test_selection_says_why() -> None:
    fit = fit_scorecard(*frame_and_target(), FEATURES, POLICY)
    assert fit.selected == ("a", "b")
    assert {name: outcome.reason for name, outcome in fit.outcomes.items()} == {
        "a": IN_CARD,
        "b": IN_CARD,
        "twin": CORRELATED,
        "noise": BELOW_FLOOR,
        "constant": CONSTANT,
    }


def test_selection_keeps_the_figures_it_stands_on() -> None:
    frame, target = frame_and_target()
    fit = fit_scorecard(frame, target, FEATURES, POLICY)
    day = date(2019, 1, 1)
    shifts = {"a": Shift(day, 0.1, 0.02), "noise": Shift(day, 0.9, 0.02)}
    rows = {
        row["feature"]: row
        for row in selection_rows(fit, Stability((day,) * 3, shifts), POLICY)
    }
    assert [row["position"] for row in rows.values()] == [1, 2, 3, 4, 5]
    assert [name for name, row in rows.items() if row["is_selected"]] == ["a", "b"]
    weights = [fit.bins[name].weight(frame[name]) for name in ("a", "twin")]
    assert rows["twin"]["correlated_with"] == "a"
    correlation = np.corrcoef(*weights)[0, 1]
    assert rows["twin"]["correlation"] == pytest.approx(correlation)
    assert correlation > POLICY.maximum_correlation
    coefficients = [rows[name]["coefficient"] for name in fit.selected]
    assert coefficients == fit.regression.coefficients.tolist()
    assert rows["twin"]["coefficient"] is None
    verdicts = [row["stability"] for row in rows.values()]
    assert verdicts == ["stable", *["not assessed"] * 2, "moved", "not assessed"]
    assert (rows["a"]["stability_index"], rows["a"]["stability_noise"]) == (0.1, 0.02)


def test_a_suspect_is_kept_flagged_and_explained(
    caplog: pytest.LogCaptureFixture,
) -> None:
    frame, target = frame_and_target()
    fit = fit_scorecard(frame, target, FEATURES, POLICY)
    with caplog.at_level("INFO", logger="training"):
        log_selection(fit, Stability(), POLICY)
    rows = selection_rows(fit, Stability(), POLICY)
    flags = {row["feature"]: row["information_value_flag"] for row in rows}
    assert fit.bins["a"].information_value > 0.5 > fit.bins["b"].information_value
    assert flags["a"] == f"above 0.5, no leak: {KNOWS_NOTHING} ({LEAK_TEST})"
    assert flags["b"] is flags["noise"] is None
    assert fit.outcomes["a"].reason == IN_CARD
    assert f"explained by {LEAK_TEST}: a 0." in caplog.text
    # The test that explains it is there, and rebuilds the features of the contract.
    explained = (Path(__file__).parents[3] / LEAK_TEST).read_text(encoding="utf-8")
    assert '"fct_customer_features"' in explained
    assert "stability not assessed" in caplog.text
    assert {row["stability"] for row in rows} == {"not assessed"}


def test_a_fallback_of_the_solver_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise SolverError("status UNKNOWN")

    monkeypatch.setattr(binning, "optimal_splits", fail)
    fit = fit_scorecard(*frame_and_target(), FEATURES, POLICY)
    log_selection(fit, Stability(), POLICY)
    said = "status UNKNOWN; quantiles merged instead"
    assert f"a: optimal binning failed ({said})" in caplog.text
    first, *_ = selection_rows(fit, Stability(), POLICY)
    assert first["binning_fallback"] == said
    assert (fit.regression.coefficients < 0).all()


def test_known_effects_are_recovered() -> None:
    """Of 20 samples of 4,000 rows the mean, within three standard errors of it.

    One sample's estimate has a standard error of 0.123 (a, from 0 to 3), 0.094 (b,
    from 0 to 2) and 0.100 (one cell) in log odds, measured over 60 samples; the mean
    of 20 has these over the root of 20. A single sample is held to three of its own.
    """
    cells = (((3, 1), (0, 1)), ((1, 2), (1, 0)), ((1, 1), None))
    truth, errors = np.array([2.7, -1.4, -1.45]), np.array([0.123, 0.094, 0.1])
    found = []
    for seed in range(20):
        frame, target = frame_and_target(seed)
        two = {name: frame[name] for name in ("a", "b")}
        fit = fit_scorecard(two, target, FEATURES[:2], POLICY)

        def odds(a: float, b: float, fit: ScorecardFit = fit) -> float:
            return float(fit.log_odds({"a": [a], "b": [b]})[0])

        found.append(
            [odds(*one) - (odds(*other) if other else 0) for one, other in cells]
        )
    off = np.array(found) - truth
    assert (np.abs(off) < 3 * errors).all()
    assert (np.abs(off.mean(axis=0)) < 3 * errors / np.sqrt(len(off))).all()


def test_what_says_nothing_new_leaves_known_effects_alone() -> None:
    """A copy, noise and a constant beside them: the same card as without."""
    frame, target = frame_and_target()
    fit = fit_scorecard(frame, target, FEATURES, POLICY)
    two = fit_scorecard(
        {name: frame[name] for name in ("a", "b")}, target, FEATURES[:2], POLICY
    )
    assert fit.selected == two.selected == ("a", "b")
    assert fit.regression.coefficients.tolist() == pytest.approx(
        two.regression.coefficients.tolist(), abs=1e-9
    )


def test_a_feature_that_would_reward_risk_leaves() -> None:
    rng = np.random.default_rng(6)
    a = rng.normal(size=ROWS)
    b = 0.6 * a + rng.normal(size=ROWS)
    target = rng.random(ROWS) < 1 / (1 + np.exp(-(1.5 * a - 0.5 * b)))
    features = FEATURES[:2]
    fit = fit_scorecard({"a": a, "b": b}, target, features, POLICY)
    assert fit.bins["b"].information_value > POLICY.minimum_information_value
    assert fit.outcomes["b"].reason == "coefficient of the wrong sign"
    assert (fit.outcomes["b"].coefficient or 0) > 0
    assert (fit.regression.coefficients < 0).all()


def test_without_any_signal_the_best_feature_is_kept() -> None:
    frame, target = frame_and_target()
    shuffled = np.random.default_rng(7).permutation(target)
    fit = fit_scorecard(frame, shuffled, FEATURES, POLICY)
    assert len(fit.selected) == 1


def test_constant_features_only_are_an_error() -> None:
    frame = {name: np.ones(300) for name in COLUMNS}
    with pytest.raises(TrainingError, match="no feature"):
        fit_scorecard(frame, np.arange(300) < 90, FEATURES, POLICY)


def test_two_fits_are_equal() -> None:
    first = fit_scorecard(*frame_and_target(), FEATURES, POLICY)
    second = fit_scorecard(*frame_and_target(), FEATURES, POLICY)
    for name in COLUMNS:
        assert first.bins[name].edges == second.bins[name].edges
        assert first.bins[name].woe.tolist() == second.bins[name].woe.tolist()
    ours, theirs = first.regression, second.regression
    assert ours.coefficients.tolist() == theirs.coefficients.tolist()
    assert ours.intercept == theirs.intercept


def test_regression_is_at_its_optimum() -> None:
    frame, target = frame_and_target()
    columns = np.column_stack([frame["a"], frame["b"]])
    fit = fit_logistic(columns, target)
    rest = target - 1 / (1 + np.exp(-fit.log_odds(columns)))
    assert rest.mean() == pytest.approx(0, abs=1e-9)
    # Two standard errors, which the inverse of the information gives: 0.039, 0.047.
    off = np.abs(fit.coefficients - [0.9, -0.7])
    assert (off < 2 * np.array([0.039, 0.047])).all()


def test_regression_stays_finite_when_a_feature_parts_the_classes() -> None:
    target = np.arange(100) < 50
    fit = fit_logistic(target[:, None] * 1.0, target)
    assert np.isfinite(fit.coefficients).all()
    assert fit.coefficients[0] > 5


def test_calibration_finds_an_overconfident_model() -> None:
    rng = np.random.default_rng(8)
    true = rng.normal(size=20_000)
    target = rng.random(20_000) < 1 / (1 + np.exp(-true))
    calibration = fit_calibration(2 * true + 1, target, minimum_slope=0.1)
    # Of 20,000 rows: standard errors of 0.0096 and 0.0173, two of them each.
    assert calibration.slope == pytest.approx(0.5, abs=0.0192)
    assert calibration.intercept == pytest.approx(-0.5, abs=0.0346)


def test_calibration_never_turns_the_score_upside_down() -> None:
    rng = np.random.default_rng(9)
    log_odds = rng.normal(size=2000)
    target = rng.random(2000) < 1 / (1 + np.exp(log_odds))
    calibration = fit_calibration(log_odds, target, minimum_slope=0.1)
    assert calibration.slope == 0.1
    predicted = 1 / (1 + np.exp(-calibration.apply(log_odds)))
    assert predicted.mean() == pytest.approx(target.mean(), abs=1e-9)


def test_a_shuffled_label_leaves_nothing_to_learn(
    make_problem: Callable[..., Problem], generate: Callable
) -> None:
    frame = generate(customers=4000)
    rng = np.random.default_rng(10)
    frame["is_high_risk"] = rng.permutation(frame["is_high_risk"].to_numpy())
    problem = make_problem(frame)
    quick = replace(problem.settings, policy=ScorecardPolicy(maximum_prebins=6))
    problem = replace(problem, settings=quick)
    shuffled = train_scorecard(problem)
    auc = rank_metrics(problem.target_of(TEST), shuffled.risk(TEST))["roc_auc"]
    # 2,900 test rows: a standard error of 0.011, two of them.
    assert auc == pytest.approx(0.5, abs=0.022)
