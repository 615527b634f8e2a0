"""Measures of the same rows under many weightings at once, as a bootstrap needs them.

The formulas of `training.metrics` with a weight per row: weights are whole numbers, so
counts are exact, and a weight of 2 is the row twice. What is not defined is NaN.
"""

import numpy as np
import numpy.typing as npt

from training.metrics import (
    LIFT_SHARE,
    ErrorCosts,
    Target,
    error_rates,
    log_losses,
    quotient,
    squared_errors,
)
from training.scorecard import Floats

# Of shape (weightings, rows).
Weights = npt.NDArray[np.int32]
# Of shape (weightings, distinct risks).
Counted = npt.NDArray[np.int64]


class RankedRows:
    """Rows sorted by risk, with the places where it changes.

    Examples
    --------
    >>> rows = RankedRows(np.array([0.1, 0.4, 0.9]), np.array([False, True, True]))
    >>> rows.auc(np.array([[1, 1, 1], [1, 0, 2], [0, 1, 1]], np.int32)).tolist()
    [1.0, 1.0, nan]
    """

    def __init__(self, risk: Floats, target: Target) -> None:
        self._order = np.argsort(risk, kind="stable")
        ordered = risk[self._order]
        self._starts = np.append(0, np.flatnonzero(np.diff(ordered)) + 1)
        self._bad = target[self._order].astype(np.int32)

    def auc(self, weights: Weights) -> Floats:
        """AUC by weighting: P(bad above good) + half the ties."""
        bad, good = self._counts(weights)
        return _auc(bad, good, np.cumsum(good, axis=1))

    def measures(self, weights: Weights) -> dict[str, Floats]:
        """Give the ranks of `training.metrics.rank_metrics` by weighting."""
        bad, good = self._counts(weights)
        bad_up_to, good_up_to = np.cumsum(bad, axis=1), np.cumsum(good, axis=1)
        bads, goods = bad_up_to[:, -1:], good_up_to[:, -1:]
        auc = _auc(bad, good, good_up_to)
        gap = np.abs(bad_up_to * goods - good_up_to * bads).max(axis=1)
        # At or above each risk.
        true = bads - bad_up_to + bad
        taken = true + goods - good_up_to + good
        # Risks that a weighting leaves out add nothing, whatever their precision.
        precision = true / np.maximum(taken, 1)
        ranks = {
            "ks": quotient(gap, (bads * goods)[:, 0]),
            "pr_auc": quotient((bad * precision).sum(axis=1), bads[:, 0]),
            "lift": quotient(_bads_in_tenth(bad, good, true, taken), bads[:, 0])
            / LIFT_SHARE,
        }
        one_class = (bads * goods)[:, 0] == 0
        return {
            "roc_auc": auc,
            "gini": 2 * auc - 1,
            **{n: np.where(one_class, np.nan, values) for n, values in ranks.items()},
        }

    def _counts(self, weights: Weights) -> tuple[Counted, Counted]:
        """Bads and goods at each distinct risk, the safest first."""
        ordered = weights[:, self._order]
        bad = np.add.reduceat(ordered * self._bad, self._starts, axis=1)
        good = np.add.reduceat(ordered, self._starts, axis=1) - bad
        return bad, good


def _auc(bad: Counted, good: Counted, good_up_to: Counted) -> Floats:
    won = (bad * (good_up_to - good / 2.0)).sum(axis=1)
    return quotient(won, bad.sum(axis=1) * good_up_to[:, -1].astype(float))


def _bads_in_tenth(
    bad: Counted, good: Counted, true: Counted, taken: Counted
) -> Floats:
    """Bads in the riskiest tenth, which ends within one risk: a part of it counts."""
    tenth = LIFT_SHARE * taken[:, 0]
    edge = (taken >= tenth[:, np.newaxis]).sum(axis=1, keepdims=True) - 1
    bad_at_edge, good_at_edge, true_at_edge, taken_at_edge = (
        np.take_along_axis(counts, edge, axis=1)[:, 0]
        for counts in (bad, good, true, taken)
    )
    share_beyond = quotient(taken_at_edge - tenth, bad_at_edge + good_at_edge)
    return np.asarray(true_at_edge - share_beyond * bad_at_edge)


def decision_measures(
    target: Target, referred: Target, costs: ErrorCosts, weights: Weights
) -> dict[str, Floats]:
    """Give the rates of `training.metrics.decision_metrics` by weighting.

    Examples
    --------
    >>> target, referred = np.array([True, False]), np.array([True, True])
    >>> weights = np.array([[1, 1], [3, 1]], np.int32)
    >>> decision_measures(target, referred, ErrorCosts(), weights)["precision"].tolist()
    [0.5, 0.75]
    """

    def count(chosen: Target) -> npt.NDArray[np.int64]:
        return np.asarray(weights[:, chosen].sum(axis=1, dtype=np.int64))

    return error_rates(
        true_positives=count(target & referred),
        false_positives=count(~target & referred),
        true_negatives=count(~target & ~referred),
        false_negatives=count(target & ~referred),
        costs=costs,
    )


def probability_measures(
    target: Target, probability: Floats, weights: Weights
) -> dict[str, Floats]:
    """Brier score and log loss by weighting.

    Examples
    --------
    >>> target, weights = np.array([True, False]), np.array([[1, 3]], np.int32)
    >>> measured = probability_measures(target, np.array([1.0, 0.5]), weights)
    >>> measured["brier"].tolist()
    [0.1875]
    """
    rows = weights.sum(axis=1)
    return {
        # Row by row: a matrix product may add in another order with more threads.
        name: quotient((weights * losses).sum(axis=1), rows)
        for name, losses in (
            ("brier", squared_errors(target, probability)),
            ("log_loss", log_losses(target, probability)),
        )
    }
