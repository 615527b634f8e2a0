"""What the best of many settings is worth without the luck that made it the best."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.bootstrap import bootstrap
from training.metrics import Target
from training.scorecard import Floats
from training.weighted import RankedRows, Weights


def corrected_auc(
    target: Target,
    predicted: Sequence[Floats],
    customers: npt.NDArray[np.object_],
    *,
    resamples: int,
    seed: int,
) -> float | None:
    """Out-of-fold AUC of the best settings, corrected for having chosen them.

    The highest of many AUCs measured on the same rows is too high. Bootstrap bias
    corrected cross-validation (Tsamardinos, Greasidou and Borboudakis, Machine
    Learning 107, 2018) repeats the choice on resampled customers and measures what
    it chose on those not drawn; nothing is fitted again. A correction never adds.

    Parameters
    ----------
    target : array of shape (rows,)
    predicted : arrays of shape (rows,), one of each settings
        Out-of-fold predictions, high is risky.
    customers : array of shape (rows,)
        Resampled with all of their rows.

    Returns
    -------
    float or None
        Mean AUC on customers not drawn; None if no resample has both classes there.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> target, customers = rng.random(400) < 0.5, np.arange(400).astype(object)
    >>> noise = [rng.random(400) for _ in range(20)]
    >>> best = max(RankedRows(risk, target).auc(np.ones((1, 400), np.int32))[0]
    ...            for risk in noise)
    >>> corrected = corrected_auc(target, noise, customers, resamples=100, seed=1)
    >>> round(float(best), 2), round(corrected, 2)
    (0.56, 0.5)
    """
    ranked = [RankedRows(risk, target) for risk in predicted]

    def chosen(weights: Weights) -> dict[str, Floats]:
        drawn = np.stack([rows.auc(weights) for rows in ranked])
        # Of equal ones the first, as the search does; one class alone chooses nothing.
        best = np.where(np.isnan(drawn), -np.inf, drawn).argmax(axis=0)
        left = (weights == 0).astype(np.int32)
        outside = np.empty(len(weights))
        for i in np.unique(best):
            outside[best == i] = ranked[i].auc(left[best == i])
        return {"auc": outside}

    found = bootstrap(chosen, customers, resamples=resamples, seed=seed)["auc"]
    defined = found[~np.isnan(found)]
    if not len(defined):
        return None
    once = np.ones((1, len(target)), dtype=np.int32)
    highest = max(float(rows.auc(once)[0]) for rows in ranked)
    return min(float(defined.mean()), highest)
