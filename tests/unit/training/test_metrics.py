"""Measures against scikit-learn, and the bootstrap against the slow way."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from training.bootstrap import bootstrap_auc, interval
from training.metrics import (
    ErrorCosts,
    brier_score,
    decision_metrics,
    log_loss,
    rank_metrics,
    roc_curve,
)


def sample(rows: int = 500, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and risks with many ties."""
    rng = np.random.default_rng(seed)
    risk = np.round(rng.random(rows), 1)
    return rng.random(rows) < risk, risk


def test_rank_metrics_agree_with_scikit_learn() -> None:
    target, risk = sample()
    found = rank_metrics(target, risk)
    auc = sklearn_metrics.roc_auc_score(target, risk)
    false_rate, true_rate, _ = sklearn_metrics.roc_curve(target, risk)
    assert found["roc_auc"] == pytest.approx(auc, abs=1e-12)
    assert found["gini"] == pytest.approx(2 * auc - 1, abs=1e-12)
    assert found["ks"] == pytest.approx(np.max(true_rate - false_rate), abs=1e-12)
    expected = sklearn_metrics.average_precision_score(target, risk)
    assert found["pr_auc"] == pytest.approx(expected, abs=1e-12)


def test_decision_metrics_agree_with_scikit_learn() -> None:
    target, risk = sample()
    referred = risk > 0.6
    found = decision_metrics(target, referred, ErrorCosts())
    for name in ("accuracy", "precision", "recall", "f1"):
        expected = getattr(sklearn_metrics, f"{name}_score")(target, referred)
        assert found[name] == pytest.approx(expected, abs=1e-12)
    confusion = sklearn_metrics.confusion_matrix(target, referred).ravel().tolist()
    names = ("true_negatives", "false_positives", "false_negatives", "true_positives")
    assert [found[name] for name in names] == confusion
    # The log loss is capped: a risk of 0 or 1 may be wrong.
    certain = np.clip(risk, 0.01, 0.99)
    expected = sklearn_metrics.log_loss(target, certain)
    assert log_loss(target, certain) == pytest.approx(expected, abs=1e-12)
    assert log_loss(np.array([True]), np.array([0.0])) == pytest.approx(-np.log(1e-15))
    expected = sklearn_metrics.brier_score_loss(target, risk)
    assert brier_score(target, risk) == pytest.approx(expected, abs=1e-12)


def test_lift_is_of_the_riskiest_tenth() -> None:
    risk = np.arange(20.0)
    target = np.isin(risk, [19, 18, 5, 0])
    # 20 rows with 4 bads: the riskiest two are bad, 100 % against 20 %.
    assert rank_metrics(target, risk)["lift"] == pytest.approx(5.0)
    # Tied with two goods, the four best hold two bads: a tenth of the rows draws one.
    tied = np.where(risk >= 16, 16.0, risk)
    assert rank_metrics(target, tied)["lift"] == pytest.approx(2.5)


def test_errors_and_their_cost_by_hand() -> None:
    # 10 rows: 3 high risks of whom 1 is approved, 7 others of whom 2 are not.
    target = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], dtype=bool)
    referred = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
    found = decision_metrics(target, referred, ErrorCosts(type_1=5, type_2=0.5))
    assert found["approval_rate"] == 0.6
    assert found["type_1_error_rate"] == 1 / 3
    assert found["type_2_error_rate"] == 2 / 7
    assert found["cost_of_errors"] == (5 * 1 + 0.5 * 2) / 10


def test_what_is_not_defined_is_none() -> None:
    good = np.zeros(4, dtype=bool)
    assert set(rank_metrics(good, np.arange(4.0)).values()) == {None}
    found = decision_metrics(good, good, ErrorCosts())
    assert found["accuracy"] == 1.0
    assert (found["precision"], found["recall"], found["f1"]) == (None, None, None)
    drawn = bootstrap_auc(
        good, {"x": np.arange(4.0)}, np.arange(4).astype(object), resamples=9, seed=1
    )
    assert interval(drawn["x"]) == (None, None)


def test_curve_begins_at_nothing_and_ends_at_all() -> None:
    target, risk = sample()
    curve = roc_curve(target, risk)
    assert curve.true_positives[0] == curve.false_positives[0] == 0
    assert curve.true_positives[-1] == target.sum()
    assert curve.false_positives[-1] == (~target).sum()


def test_bootstrap_draws_customers_with_all_their_rows() -> None:
    target, risk = sample(60)
    customers = np.repeat(np.arange(20), 3).astype(str).astype(object)
    drawn = bootstrap_auc(target, {"x": risk}, customers, resamples=25, seed=4)["x"]
    names = np.unique(customers.astype(str))
    rng = np.random.default_rng(4)
    for value in drawn:
        picked = rng.integers(0, 20, 20)
        rows = np.concatenate([np.flatnonzero(customers == names[c]) for c in picked])
        expected = sklearn_metrics.roc_auc_score(target[rows], risk[rows])
        assert value == pytest.approx(expected, abs=1e-12)


def test_candidates_share_their_resamples() -> None:
    target, risk = sample(200)
    customers = np.arange(200).astype(object)
    drawn = bootstrap_auc(
        target, {"a": risk, "b": 3 * risk + 1}, customers, resamples=50, seed=5
    )
    assert drawn["a"].tolist() == drawn["b"].tolist()


def test_chunks_do_not_change_the_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    target, risk = sample(200)
    customers = np.arange(200).astype(object)
    whole = bootstrap_auc(target, {"x": risk}, customers, resamples=30, seed=6)["x"]
    monkeypatch.setattr("training.bootstrap.CHUNK_CELLS", 700)
    parts = bootstrap_auc(target, {"x": risk}, customers, resamples=30, seed=6)["x"]
    assert whole.tolist() == parts.tolist()


def test_more_rows_per_customer_widen_the_interval() -> None:
    target, risk = sample(400)
    alone = np.arange(400).astype(object)
    shared = np.repeat(np.arange(400), 4).astype(object)
    four = np.repeat(target, 4), np.repeat(risk, 4)
    by_row = bootstrap_auc(
        four[0], {"x": four[1]}, np.arange(1600).astype(object), resamples=300, seed=7
    )["x"]
    by_customer = bootstrap_auc(four[0], {"x": four[1]}, shared, resamples=300, seed=7)[
        "x"
    ]
    once = bootstrap_auc(target, {"x": risk}, alone, resamples=300, seed=7)["x"]
    assert by_customer.std() == pytest.approx(once.std(), rel=1e-9)
    assert by_customer.std() > 1.5 * by_row.std()
