"""Intervals of every measure against resamples written out and measured slowly."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from training.measuring import Sample, measure, resample
from training.metrics import WITH_INTERVAL, ErrorCosts, rank_metrics

COSTS = ErrorCosts(type_1=3, type_2=0.5)
RESAMPLES, SEED = 30, 4


def small_sample(customers: int = 25) -> Sample:
    """Two or three rows a customer, many ties, a few probabilities of 0 and 1."""
    rng = np.random.default_rng(8)
    owners = np.repeat(np.arange(customers), rng.integers(2, 4, customers))
    probability = np.round(rng.random(len(owners)), 1)
    return Sample(
        target=rng.random(len(owners)) < probability,
        customers=owners.astype(str).astype(object),
        risk=probability,
        cutoff=0.6,
        referred=probability >= 0.6,
        probability=np.clip(probability, 0.01, 0.99),
    )


def slowly(sample: Sample) -> dict[str, list[float]]:
    """Each measure of each resample, by scikit-learn on copies of the rows."""
    names = np.unique(sample.customers.astype(str))
    rng = np.random.default_rng(SEED)
    found: dict[str, list[float]] = {name: [] for name in WITH_INTERVAL}
    for _ in range(RESAMPLES):
        picked = names[rng.integers(0, len(names), len(names))]
        rows = np.concatenate([np.flatnonzero(sample.customers == n) for n in picked])
        target, risk = sample.target[rows], sample.risk[rows]
        assert sample.referred is not None
        assert sample.probability is not None
        referred, probability = sample.referred[rows], sample.probability[rows]
        false_rate, true_rate, _ = sklearn_metrics.roc_curve(target, risk)
        auc = sklearn_metrics.roc_auc_score(target, risk)
        good, wrong_good, missed, bad = sklearn_metrics.confusion_matrix(
            target, referred
        ).ravel()
        measured = {
            "roc_auc": auc,
            "gini": 2 * auc - 1,
            "ks": np.max(np.abs(true_rate - false_rate)),
            "pr_auc": sklearn_metrics.average_precision_score(target, risk),
            "lift": rank_metrics(target, risk)["lift"],
            "brier": sklearn_metrics.brier_score_loss(target, probability),
            "log_loss": sklearn_metrics.log_loss(target, probability),
            "approval_rate": np.mean(~referred),
            "accuracy": sklearn_metrics.accuracy_score(target, referred),
            "precision": sklearn_metrics.precision_score(target, referred),
            "recall": sklearn_metrics.recall_score(target, referred),
            "f1": sklearn_metrics.f1_score(target, referred),
            "type_1_error_rate": missed / (missed + bad),
            "type_2_error_rate": wrong_good / (wrong_good + good),
            "cost_of_errors": (3 * missed + 0.5 * wrong_good) / len(rows),
        }
        for name, value in measured.items():
            found[name].append(float(value))
    return found


def test_every_interval_is_that_of_resamples_written_out() -> None:
    sample, expected = small_sample(), slowly(small_sample())
    (drawn,) = resample({"x": sample}, COSTS, resamples=RESAMPLES, seed=SEED).values()
    assert set(drawn) == set(WITH_INTERVAL) == set(expected)
    for name, values in expected.items():
        assert drawn[name] == pytest.approx(values, abs=1e-12), name
    metrics = measure(sample, drawn, COSTS)
    for name in WITH_INTERVAL:
        ends = np.quantile(expected[name], [0.025, 0.975])
        assert metrics.intervals[name] == pytest.approx(ends, abs=1e-12), name
        assert metrics.row()[f"{name}_upper"] == metrics.intervals[name][1]


def test_chunks_do_not_change_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = {"x": small_sample(), "y": small_sample()}
    whole = resample(samples, COSTS, resamples=20, seed=6)
    monkeypatch.setattr("training.bootstrap.CHUNK_CELLS", 200)
    parts = resample(samples, COSTS, resamples=20, seed=6)
    for name in WITH_INTERVAL:
        assert whole["x"][name].tolist() == parts["x"][name].tolist()
        # Candidates see the same resamples.
        assert whole["x"][name].tolist() == whole["y"][name].tolist()


def test_what_a_resample_does_not_define_has_no_interval() -> None:
    rows = small_sample()
    nobody = Sample(
        target=np.zeros_like(rows.target),
        customers=rows.customers,
        risk=rows.risk,
        cutoff=2.0,
        referred=np.zeros_like(rows.target),
        probability=None,
    )
    (drawn,) = resample({"x": nobody}, COSTS, resamples=20, seed=6).values()
    measured = measure(nobody, drawn, COSTS)
    assert measured.intervals["accuracy"] == (1.0, 1.0)
    assert set(measured.intervals) == {
        *("accuracy", "approval_rate", "type_2_error_rate", "cost_of_errors"),
    }
    assert {name: np.isnan(drawn[name]).all() for name in drawn} == {
        name: name not in measured.intervals for name in drawn
    }
    assert measured.row()["ks_lower"] is measured.row()["brier_upper"] is None
