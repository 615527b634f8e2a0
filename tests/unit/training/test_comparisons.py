"""Paired differences: one draw of customers for both candidates."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.bootstrap import bootstrap_auc
from training.comparisons import compare_all
from training.evaluation import Evaluation
from training.metrics import Metrics
from training.splits import TEST


def test_pairs_are_drawn_together_by_customer() -> None:
    rng = np.random.default_rng(5)
    customers = np.repeat(np.arange(30), 3).astype(str).astype(object)
    good = rng.random(90)
    target = rng.random(90) < good
    noisy = good + rng.normal(0, 0.3, 90)
    risks = {"good": good, "same": good * 2, "noisy": noisy}
    resampled = bootstrap_auc(target, risks, customers, resamples=40, seed=9)
    metrics = {
        name: Metrics(90, 0.5, roc_auc=float(roc_auc_score(target, risk)))
        for name, risk in risks.items()
    }
    same, noise, _ = compare_all(metrics, resampled)
    # Two candidates of one ranking: unpaired draws would differ.
    assert (same.candidate, same.compared_with) == ("good", "same")
    assert (same.roc_auc_difference, same.share_better) == (0.0, 0.5)
    assert (same.roc_auc_difference_lower, same.roc_auc_difference_upper) == (0.0, 0.0)
    names = np.unique(customers.astype(str))
    rng = np.random.default_rng(9)
    slow = []
    for _ in range(40):
        drawn = [names[c] for c in rng.integers(0, 30, 30)]
        rows = np.concatenate([np.flatnonzero(customers == name) for name in drawn])
        aucs = [roc_auc_score(target[rows], risk[rows]) for risk in (good, noisy)]
        slow.append(aucs[0] - aucs[1])
    lower, upper = np.quantile(slow, [0.025, 0.975])
    assert noise.roc_auc_difference_lower == pytest.approx(lower)
    assert noise.roc_auc_difference_upper == pytest.approx(upper)
    assert noise.gini_difference_upper == pytest.approx(2 * upper)
    assert noise.share_better == pytest.approx(np.mean(np.array(slow) > 0))


def test_a_pair_without_an_auc_has_no_difference() -> None:
    metrics = {name: Metrics(row_count=4, event_rate=0.0) for name in "ab"}
    nothing = np.full(5, np.nan)
    (pair,) = compare_all(metrics, {"a": nothing, "b": nothing})
    assert pair.roc_auc_difference is None
    assert pair.share_better is None


def test_every_pair_is_compared_once(evaluation: Evaluation) -> None:
    pairs = [{r.candidate, r.compared_with} for r in evaluation.comparisons[TEST]]
    assert len(pairs) == 21
    assert len({frozenset(pair) for pair in pairs}) == 21
    gain = evaluation.gain
    assert gain is not None
    (same,) = (
        row
        for row in evaluation.comparisons[TEST]
        if (row.candidate, row.compared_with) == ("scorecard", gain.column)
    )
    assert (same.roc_auc_difference, same.roc_auc_difference_lower) == (
        *(gain.auc, gain.lower),
    )
