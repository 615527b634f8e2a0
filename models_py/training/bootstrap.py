"""Intervals from resampled customers, the same for every candidate and measure."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from training.metrics import Target
from training.scorecard import Floats
from training.weighted import RankedRows, Weights

CONFIDENCE = 0.95
CHUNK_CELLS = 4_000_000

Key = TypeVar("Key", bound=Hashable)


def bootstrap(
    measure: Callable[[Weights], Mapping[Key, Floats]],
    customers: npt.NDArray[np.object_],
    *,
    resamples: int,
    seed: int,
) -> dict[Key, Floats]:
    """Measure resamples of customers with replacement; one brings all of its rows.

    Parameters
    ----------
    measure
        Given how often each resample holds each row, an array of shape (some
        resamples, rows), answers by name with arrays of shape (some resamples,).
    customers : array of shape (rows,)
        At least one.

    Returns
    -------
    dict of array of shape (resamples,)

    Examples
    --------
    >>> customers = np.array(["a", "a", "b"], dtype=object)
    >>> drawn = bootstrap(lambda weights: {"rows": weights.sum(axis=1)}, customers,
    ...                   resamples=4, seed=1)
    >>> drawn["rows"].tolist()
    [3, 2, 4, 2]
    """
    parts: dict[Key, list[Floats]] = {}
    for weights in _resampled(customers, resamples=resamples, seed=seed):
        for name, values in measure(weights).items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}


def _resampled(
    customers: npt.NDArray[np.object_], *, resamples: int, seed: int
) -> Iterator[Weights]:
    names, codes = np.unique(customers.astype(str), return_inverse=True)
    rng = np.random.default_rng(seed)
    step = max(1, CHUNK_CELLS // len(codes))
    for start in range(0, resamples, step):
        weights = np.empty((min(step, resamples - start), len(codes)), dtype=np.int32)
        for row in weights:
            drawn = rng.integers(0, len(names), len(names))
            row[:] = np.bincount(drawn, minlength=len(names))[codes]
        yield weights


def bootstrap_auc(
    target: Target,
    risks: Mapping[str, Floats],
    customers: npt.NDArray[np.object_],
    *,
    resamples: int,
    seed: int,
) -> dict[str, Floats]:
    """AUC of each candidate in each resample of customers with replacement.

    Candidates see the same resamples, so differences between them are paired. NaN
    where a resample has one class, or where there are no rows.

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
    if not len(target):
        return {name: np.full(resamples, np.nan) for name in risks}
    ranked = {name: RankedRows(risk, target) for name, risk in risks.items()}
    return bootstrap(
        lambda weights: {name: rows.auc(weights) for name, rows in ranked.items()},
        customers,
        resamples=resamples,
        seed=seed,
    )


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
