"""Whether the score finds what it was not trained on: AUC, interval and verdict."""

import math
from collections.abc import Sequence

from training.card.parts import Row, or_why

DEFAULT = "default_after"
NORMAL_95 = 1.959963984540054
CHANCE = 0.5
NOT_SCORED = "only a champion's scores at a closed outcome window are compared"
NOT_REPORTED = "the data report no such outcome"
ONE_KIND = "nobody or everybody had it"


def auc_interval(auc: float, events: int, others: int) -> tuple[float, float]:
    """Compute the 95 % interval of an AUC from its counts, within [0, 1].

    Source: Hanley and McNeil, Radiology 143 (1982), one row per customer.
    Var = (A (1 - A) + (n - 1)(Q1 - A^2) + (m - 1)(Q2 - A^2)) / (n m), with
    Q1 = A / (2 - A), Q2 = 2 A^2 / (1 + A), n events and m others.

    Examples
    --------
    >>> [round(end, 3) for end in auc_interval(0.561, 46, 1941)]
    [0.474, 0.648]
    """
    square = auc * auc
    first = (events - 1) * (auc / (2 - auc) - square)
    second = (others - 1) * (2 * square / (1 + auc) - square)
    variance = (auc * (1 - auc) + first + second) / (events * others)
    half = NORMAL_95 * math.sqrt(max(variance, 0.0))
    return max(auc - half, 0.0), min(auc + half, 1.0)


def shown_auc(row: Row) -> str:
    """Write the AUC of an outcome with its interval, or why there is none."""
    if row["event_count"] is None:
        return str(or_why(None, NOT_REPORTED))
    if row["auc"] is None:
        return str(or_why(None, ONE_KIND))
    lower, upper = _ends(row)
    return f"{row['auc']:.3f} [{lower:.3f}, {upper:.3f}]"


def finds_defaults(rows: Sequence[Row]) -> tuple[bool, str]:
    """Evaluate the stop rule: whether the score is shown to find defaults, and why.

    Parameters
    ----------
    rows
        Of marts.fct_score_comparisons, of one version.

    Examples
    --------
    >>> finds_defaults([])[0]
    False
    """
    row = next((row for row in rows if row["outcome"] == DEFAULT), None)
    if row is None:
        return False, f"not available: {NOT_SCORED}"
    if row["event_count"] is None:
        return False, f"not available: {NOT_REPORTED}"
    if row["auc"] is None:
        return False, f"not available: {ONE_KIND}"
    said = f"AUC against default {shown_auc(row)}, {row['event_count']:,} defaults"
    lower, upper = _ends(row)
    if lower > CHANCE:
        return True, f"{said}: above 0.5"
    where = "includes 0.5" if upper >= CHANCE else "lies below 0.5"
    return False, f"{said}: the interval {where}"


def _ends(row: Row) -> tuple[float, float]:
    events = row["event_count"]
    return auc_interval(row["auc"], events, row["row_count"] - events)
