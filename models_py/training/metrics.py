"""Figures of one candidate on one split; what is not defined is None."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from training.scorecard import Floats

Target = npt.NDArray[np.bool_]
Counts = int | npt.NDArray[np.int64]

LIFT_SHARE = 0.1
# The logarithm of a probability of 0 or 1 that turns out wrong is capped here.
PROBABILITY_FLOOR = 1e-15

# Counts have none, nor has what was fixed before the rows were seen.
WITH_INTERVAL = (
    "roc_auc",
    "pr_auc",
    "ks",
    "gini",
    "lift",
    "brier",
    "log_loss",
    "approval_rate",
    "accuracy",
    "precision",
    "recall",
    "f1",
    "type_1_error_rate",
    "type_2_error_rate",
    "cost_of_errors",
)
Interval = tuple[float | None, float | None]
NO_INTERVAL: Interval = (None, None)


@dataclass(frozen=True)
class ErrorCosts:
    """What an error costs, in any one unit.

    `type_1`: a high risk is approved (as credit risk counts them: Basel Committee,
    Working Paper 14, 2005); `type_2`: another customer is not.
    """

    type_1: float = 5.0
    type_2: float = 1.0


@dataclass(frozen=True)
class Metrics:
    """The measures of the report, named as in model.candidate_metrics.

    `intervals` holds lower and upper end by measure. After a search, `trials` is the
    number of settings tried and `roc_auc_corrected` the AUC out of fold without what
    choosing the best of them has added.
    """

    row_count: int
    event_rate: float
    cutoff: float | None = None
    roc_auc: float | None = None
    pr_auc: float | None = None
    ks: float | None = None
    gini: float | None = None
    lift: float | None = None
    brier: float | None = None
    log_loss: float | None = None
    approval_rate: float | None = None
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    true_positives: int | None = None
    false_positives: int | None = None
    true_negatives: int | None = None
    false_negatives: int | None = None
    type_1_error_rate: float | None = None
    type_2_error_rate: float | None = None
    cost_of_errors: float | None = None
    trials: int | None = None
    roc_auc_corrected: float | None = None
    intervals: Mapping[str, Interval] = field(default_factory=dict)

    def values(self) -> dict[str, float | int | None]:
        """Each measure by name.

        Examples
        --------
        >>> Metrics(row_count=9, event_rate=0.5, ks=0.4).values()["ks"]
        0.4
        """
        return {
            name: value for name, value in vars(self).items() if name != "intervals"
        }

    def row(self) -> dict[str, float | int | None]:
        """Each measure by name, and the ends of the intervals.

        Examples
        --------
        >>> row = Metrics(9, 0.5, ks=0.4, intervals={"ks": (0.3, 0.5)}).row()
        >>> row["ks"], row["ks_lower"], row["ks_upper"], row["f1_lower"]
        (0.4, 0.3, 0.5, None)
        """
        ends = {
            f"{name}_{end}": value
            for name in WITH_INTERVAL
            for end, value in zip(
                ("lower", "upper"), self.intervals.get(name, NO_INTERVAL), strict=True
            )
        }
        return {**self.values(), **ends}


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
    """AUC, Gini, KS, average precision and lift; None where a class is absent.

    Gini = 2 * AUC - 1, KS = max |F_bad - F_good|; average precision is the sum of
    precision over the steps in recall; lift is the event rate of the riskiest tenth
    over that of all rows, rows tied at its edge counted in part.

    Examples
    --------
    >>> target = np.array([True, True, False, False])
    >>> rank_metrics(target, np.array([0.9, 0.4, 0.5, 0.1]))["roc_auc"]
    0.75
    """
    if target.all() or not target.any():
        return dict.fromkeys(("roc_auc", "gini", "ks", "pr_auc", "lift"))
    curve = roc_curve(target, risk)
    x, y = curve.false_positive_rate, curve.true_positive_rate
    auc = float(np.trapezoid(y, x))
    share = (curve.true_positives + curve.false_positives) / len(target)
    return {
        "roc_auc": auc,
        "gini": 2 * auc - 1,
        "ks": float(np.max(np.abs(y - x))),
        "pr_auc": float(np.sum(np.diff(y) * curve.precision)),
        "lift": float(np.interp(LIFT_SHARE, share, y)) / LIFT_SHARE,
    }


def decision_metrics(
    target: Target, referred: Target, costs: ErrorCosts
) -> dict[str, float | int | None]:
    """Confusion, its ratios and the mean cost of a row, high risk being positive.

    Examples
    --------
    >>> target, referred = np.array([True, False]), np.array([False, False])
    >>> measured = decision_metrics(target, referred, ErrorCosts(type_1=5))
    >>> measured["precision"], measured["type_1_error_rate"], measured["cost_of_errors"]
    (None, 1.0, 2.5)
    """
    counts = {
        "true_positives": int((target & referred).sum()),
        "false_positives": int((~target & referred).sum()),
        "true_negatives": int((~target & ~referred).sum()),
        "false_negatives": int((target & ~referred).sum()),
    }
    rates = error_rates(**counts, costs=costs)
    defined = {n: None if np.isnan(rate) else float(rate) for n, rate in rates.items()}
    return {**counts, **defined}


def error_rates(
    *,
    true_positives: Counts,
    false_positives: Counts,
    true_negatives: Counts,
    false_negatives: Counts,
    costs: ErrorCosts,
) -> dict[str, Floats]:
    """Ratios of a confusion, or of many at once; NaN where there is nothing to divide.

    Examples
    --------
    >>> rates = error_rates(true_positives=3, false_positives=1, true_negatives=4,
    ...                     false_negatives=2, costs=ErrorCosts(type_1=5))
    >>> [float(rates[name]) for name in ("precision", "recall", "cost_of_errors")]
    [0.75, 0.6, 1.1]
    """
    wrong = false_positives + false_negatives
    bads = true_positives + false_negatives
    goods = true_negatives + false_positives
    rows = bads + goods
    cost = costs.type_1 * false_negatives + costs.type_2 * false_positives
    return {
        "approval_rate": quotient(true_negatives + false_negatives, rows),
        "accuracy": quotient(true_positives + true_negatives, rows),
        "precision": quotient(true_positives, true_positives + false_positives),
        "recall": quotient(true_positives, bads),
        "f1": quotient(2 * true_positives, 2 * true_positives + wrong),
        "type_1_error_rate": quotient(false_negatives, bads),
        "type_2_error_rate": quotient(false_positives, goods),
        "cost_of_errors": quotient(cost, rows),
    }


def brier_score(target: Target, probability: Floats) -> float:
    """Mean squared difference of probability and outcome.

    Examples
    --------
    >>> brier_score(np.array([True, False]), np.array([0.5, 0.5]))
    0.25
    """
    return float(np.mean(squared_errors(target, probability)))


def log_loss(target: Target, probability: Floats) -> float:
    """Mean of -ln(probability of what happened).

    Examples
    --------
    >>> round(log_loss(np.array([True, False]), np.array([0.8, 0.5])), 6)
    0.458145
    """
    return float(np.mean(log_losses(target, probability)))


def squared_errors(target: Target, probability: Floats) -> Floats:
    """Squared difference of probability and outcome, row by row."""
    return np.asarray((probability - target) ** 2)


def log_losses(target: Target, probability: Floats) -> Floats:
    """-ln(probability of what happened), row by row."""
    happened = np.where(target, probability, 1 - probability)
    return np.asarray(-np.log(np.maximum(happened, PROBABILITY_FLOOR)))


def quotient(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """Divide where there is something to divide by.

    Examples
    --------
    >>> quotient([1, 1], [2, 0]).tolist()
    [0.5, nan]
    """
    parts, wholes = np.broadcast_arrays(part, whole)
    quotients = np.full(parts.shape, np.nan)
    np.divide(parts, wholes, out=quotients, where=wholes > 0)
    return quotients
