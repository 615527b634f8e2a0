"""The best of many trials is too good; its correction is not."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from training.bias_correction import corrected_auc


def trials(
    signal: float, *, count: int, seed: int, rows: int = 600
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Trials of one true AUC that differ by chance only."""
    rng = np.random.default_rng(seed)
    target = rng.random(rows) < 0.4
    return target, [signal * target + rng.normal(size=rows) for _ in range(count)]


def test_the_choice_is_repeated_on_customers_drawn() -> None:
    target, predicted = trials(1.0, count=5, seed=3, rows=90)
    customers = np.repeat(np.arange(30), 3).astype(str).astype(object)
    found = corrected_auc(target, predicted, customers, resamples=40, seed=9)
    names = np.unique(customers.astype(str))
    rng = np.random.default_rng(9)
    slow = []
    for _ in range(40):
        drawn = names[rng.integers(0, 30, 30)]
        rows = np.concatenate([np.flatnonzero(customers == name) for name in drawn])
        left = ~np.isin(customers.astype(str), drawn)
        inside = [roc_auc_score(target[rows], risk[rows]) for risk in predicted]
        slow.append(roc_auc_score(target[left], predicted[np.argmax(inside)][left]))
    assert found == pytest.approx(np.mean(slow), abs=1e-12)


@pytest.mark.parametrize(("signal", "truth"), [(0.0, 0.5), (1.4, 0.8389)])
def test_chance_alone_makes_nobody_better(signal: float, truth: float) -> None:
    """20 trials of one true AUC, 20 times: the best is too good, corrected it is not.

    The true AUC is that of two normal distributions, Phi(signal / sqrt(2)).
    """
    highest, corrected = [], []
    for seed in range(20):
        target, predicted = trials(signal, count=20, seed=seed)
        customers = np.arange(len(target)).astype(object)
        highest.append(max(roc_auc_score(target, risk) for risk in predicted))
        corrected.append(
            corrected_auc(target, predicted, customers, resamples=60, seed=seed)
        )
    assert np.mean(highest) - truth > 0.02
    assert np.mean(corrected) == pytest.approx(truth, abs=0.012)
    assert np.all(np.array(corrected) <= np.array(highest) + 1e-12)


def test_a_trial_that_is_best_everywhere_keeps_its_auc() -> None:
    target, (good,) = trials(2.0, count=1, seed=5)
    noise = np.random.default_rng(6).normal(size=len(target))
    customers = np.arange(len(target)).astype(object)
    found = corrected_auc(target, [good, noise], customers, resamples=200, seed=5)
    auc = roc_auc_score(target, good)
    assert found == pytest.approx(auc, abs=0.003)
    assert found <= auc + 1e-12


def test_one_class_has_no_auc_to_correct() -> None:
    customers = np.arange(50).astype(object)
    noise = np.random.default_rng(6).normal(size=50)
    bad = np.ones(50, dtype=bool)
    assert corrected_auc(bad, [noise], customers, resamples=9, seed=5) is None
