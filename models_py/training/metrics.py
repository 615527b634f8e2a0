"""Figures of one candidate on one split; what is not defined is None."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.scorecard import Floats

Target = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Metrics:
    """The measures of the report, named as in model.candidate_metrics."""

    row_count: int
    event_rate: float
    cutoff: float | None = None
    roc_auc: float | None = None
    roc_auc_lower: float | None = None
    roc_auc_upper: float | None = None
    pr_auc: float | None = None
    ks: float | None = None
    gini: float | None = None
    brier: float | None = None
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    true_positives: int | None = None
    false_positives: int | None = None
    true_negatives: int | None = None
    false_negatives: int | None = None


@dataclass(frozen=True)
class RocCurve:
    """Cumulative counts as the cut falls from the riskiest score to the safest.

    Arrays of shape (distinct scores + 1,), beginning at zero.
    """

    true_positives: Floats
    false_positives: Floats
    thresholds: Floats

    @property
    def true_positive_rate(self) -> Floats:
        """Share of bads at or above each threshold."""
        return np.asarray(self.true_positives / self.true_positives[-1])

    @property
    def false_positive_rate(self) -> Floats:
        """Share of goods at or above each threshold."""
        return np.asarray(self.false_positives / self.false_positives[-1])

    @property
    def precision(self) -> Floats:
        """Share of bads among rows at or above each threshold but the first."""
        taken = self.true_positives[1:] + self.false_positives[1:]
        return self.true_positives[1:] / taken


def roc_curve(target: Target, risk: Floats) -> RocCurve:
    """Count bads and goods at or above each distinct risk, riskiest first."""
    order = np.argsort(-risk, kind="stable")
    ordered, bad = risk[order], target[order]
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    true = np.cumsum(bad)[last]
    return RocCurve(
        true_positives=np.append(0.0, true),
        false_positives=np.append(0.0, last + 1 - true),
        thresholds=np.append(np.inf, ordered[last]),
    )


def rank_metrics(target: Target, risk: Floats) -> dict[str, float | None]:
    """AUC, Gini, KS and average precision; None where a class is absent.

    Gini = 2 * AUC - 1, KS = max |F_bad - F_good|; average precision is the sum of
    precision over the steps in recall.

    Examples
    --------
    >>> target = np.array([True, True, False, False])
    >>> rank_metrics(target, np.array([0.9, 0.4, 0.5, 0.1]))["roc_auc"]
    0.75
    """
    if target.all() or not target.any():
        return dict.fromkeys(("roc_auc", "gini", "ks", "pr_auc"))
    curve = roc_curve(target, risk)
    x, y = curve.false_positive_rate, curve.true_positive_rate
    auc = float(np.trapezoid(y, x))
    return {
        "roc_auc": auc,
        "gini": 2 * auc - 1,
        "ks": float(np.max(np.abs(y - x))),
        "pr_auc": float(np.sum(np.diff(y) * curve.precision)),
    }


def decision_metrics(target: Target, referred: Target) -> dict[str, float | int | None]:
    """Confusion and its ratios, high risk being positive.

    Examples
    --------
    >>> decision_metrics(np.array([True, False]), np.array([False, False]))["precision"]
    """
    true_positives = int((target & referred).sum())
    false_positives = int((~target & referred).sum())
    true_negatives = int((~target & ~referred).sum())
    false_negatives = int((target & ~referred).sum())
    wrong = false_positives + false_negatives
    return {
        "accuracy": _ratio(true_positives + true_negatives, len(target)),
        "precision": _ratio(true_positives, true_positives + false_positives),
        "recall": _ratio(true_positives, true_positives + false_negatives),
        "f1": _ratio(2 * true_positives, 2 * true_positives + wrong),
        "true_positives": true_positives,
        "false_positives": false_positives,
        "true_negatives": true_negatives,
        "false_negatives": false_negatives,
    }


def brier_score(target: Target, probability: Floats) -> float:
    """Mean squared difference of probability and outcome.

    Examples
    --------
    >>> brier_score(np.array([True, False]), np.array([0.5, 0.5]))
    0.25
    """
    return float(np.mean((probability - target) ** 2))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
