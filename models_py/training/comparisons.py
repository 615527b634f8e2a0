"""Paired differences between candidates: both on the same resampled customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from training.bootstrap import interval
from training.metrics import Metrics
from training.scorecard import Floats


@dataclass(frozen=True)
class Comparison:
    """A row of model.candidate_comparisons: candidate minus compared_with."""

    candidate: str
    compared_with: str
    row_count: int
    roc_auc_difference: float | None = None
    roc_auc_difference_lower: float | None = None
    roc_auc_difference_upper: float | None = None
    gini_difference: float | None = None
    gini_difference_lower: float | None = None
    gini_difference_upper: float | None = None
    share_better: float | None = None


def compare_all(
    metrics: Mapping[str, Metrics], resampled: Mapping[str, Floats]
) -> list[Comparison]:
    """Compare each pair of candidates once, in the order they are named.

    Parameters
    ----------
    metrics
        By candidate, all of the same rows.
    resampled : arrays of shape (resamples,) by candidate
        AUC on resampled customers, the same for all candidates.
    """
    return [
        compare(a, b, metrics=metrics, resampled=resampled)
        for a, b in combinations(metrics, 2)
    ]


def compare(
    candidate: str,
    compared_with: str,
    *,
    metrics: Mapping[str, Metrics],
    resampled: Mapping[str, Floats],
) -> Comparison:
    """Difference of two AUCs with the percentile interval of their differences.

    Gini = 2 * AUC - 1, so its difference is twice that of the AUC.

    Examples
    --------
    >>> metrics = {name: Metrics(row_count=9, event_rate=0.5, roc_auc=auc)
    ...            for name, auc in (("a", 0.75), ("b", 0.5))}
    >>> resampled = {"a": np.array([0.8, 0.6, 0.5]), "b": np.array([0.5, 0.6, 0.6])}
    >>> found = compare("a", "b", metrics=metrics, resampled=resampled)
    >>> found.roc_auc_difference, found.gini_difference, found.share_better
    (0.25, 0.5, 0.5)
    """
    row_count = metrics[candidate].row_count
    auc, other = metrics[candidate].roc_auc, metrics[compared_with].roc_auc
    if auc is None or other is None:
        return Comparison(candidate, compared_with, row_count)
    differences = resampled[candidate] - resampled[compared_with]
    lower, upper = interval(differences)
    return Comparison(
        candidate=candidate,
        compared_with=compared_with,
        row_count=row_count,
        roc_auc_difference=auc - other,
        roc_auc_difference_lower=lower,
        roc_auc_difference_upper=upper,
        gini_difference=2 * (auc - other),
        gini_difference_lower=None if lower is None else 2 * lower,
        gini_difference_upper=None if upper is None else 2 * upper,
        share_better=None if lower is None else _share_better(differences),
    )


def _share_better(differences: Floats) -> float:
    defined = differences[~np.isnan(differences)]
    return float(np.mean((np.sign(defined) + 1) / 2))
