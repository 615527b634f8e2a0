"""Intervals of the AUC from resampled customers, the same for every candidate."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from training.metrics import Target
from training.scorecard import Floats

CONFIDENCE = 0.95
CHUNK_CELLS = 4_000_000


def bootstrap_auc(
    target: Target,
    risks: Mapping[str, Floats],
    customers: npt.NDArray[np.object_],
    *,
    resamples: int,
    seed: int,
) -> dict[str, Floats]:
    """AUC of each candidate in each resample of customers with replacement.

    A customer brings all of its rows. Candidates see the same resamples, so
    differences between them are paired. NaN where a resample has one class.

    Parameters
    ----------
    target : array of shape (rows,)
    risks : arrays of shape (rows,) by candidate, high is risky
    customers : array of shape (rows,)

    Returns
    -------
    dict of array of shape (resamples,)

    Examples
    --------
    >>> target = np.array([True, False] * 50)
    >>> customers = np.arange(100).astype(object)
    >>> drawn = bootstrap_auc(target, {"sure": target * 1.0}, customers,
    ...                       resamples=3, seed=1)
    >>> drawn["sure"].tolist()
    [1.0, 1.0, 1.0]
    """
    names, codes = np.unique(customers.astype(str), return_inverse=True)
    result = {name: np.full(resamples, np.nan) for name in risks}
    if not len(names):
        return result
    rng = np.random.default_rng(seed)
    ranked = {name: _Ranked(risk, target) for name, risk in risks.items()}
    step = max(1, CHUNK_CELLS // len(target))
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        weights = np.empty((size, len(target)), dtype=np.int32)
        for row in weights:
            drawn = rng.integers(0, len(names), len(names))
            row[:] = np.bincount(drawn, minlength=len(names))[codes]
        for name, ranking in ranked.items():
            result[name][start : start + size] = ranking.auc(weights)
    return result


class _Ranked:
    """Rows sorted by risk, with the places where it changes."""

    def __init__(self, risk: Floats, target: Target) -> None:
        self._order = np.argsort(risk, kind="stable")
        ordered = risk[self._order]
        self._starts = np.append(0, np.flatnonzero(np.diff(ordered)) + 1)
        self._bad = target[self._order].astype(np.int32)

    def auc(self, weights: npt.NDArray[np.int32]) -> Floats:
        """Weighted AUC by row of `weights`: P(bad above good) + half the ties."""
        ordered = weights[:, self._order]
        bad = np.add.reduceat(ordered * self._bad, self._starts, axis=1)
        good = np.add.reduceat(ordered * (1 - self._bad), self._starts, axis=1)
        good_below = np.cumsum(good, axis=1) - good
        won = (bad * (good_below + good / 2.0)).sum(axis=1)
        pairs = bad.sum(axis=1) * good.sum(axis=1).astype(float)
        auc = np.full(len(won), np.nan)
        np.divide(won, pairs, out=auc, where=pairs > 0)
        return auc


def interval(values: Floats) -> tuple[float | None, float | None]:
    """Percentile interval; None if more than half of the values are undefined.

    Examples
    --------
    >>> lower, upper = interval(np.linspace(0.0, 1.0, 401))
    >>> round(lower, 6), round(upper, 6)
    (0.025, 0.975)
    """
    defined = values[~np.isnan(values)]
    if 2 * len(defined) <= len(values):
        return None, None
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.quantile(defined, [tail, 1 - tail])
    return float(lower), float(upper)
