"""Whether the score finds what it was not trained on: AUC, interval and verdict."""

from collections.abc import Sequence

from training.card.parts import Row, or_why

DEFAULT = "default_after"
CHANCE = 0.5
NOT_SCORED = "only a champion's scores at a closed outcome window are compared"
NOT_REPORTED = "the data report no such outcome"
ONE_KIND = "nobody or everybody had it"
NO_INTERVAL = "no interval: most resamples have one class only"


def shown_auc(row: Row) -> str:
    """Write the AUC of an outcome with its interval, or why there is none."""
    if row["event_count"] is None:
        return str(or_why(None, NOT_REPORTED))
    if row["auc"] is None:
        return str(or_why(None, ONE_KIND))
    if row["auc_lower"] is None:
        return f"{row['auc']:.3f} [{NO_INTERVAL}]"
    return f"{row['auc']:.3f} [{row['auc_lower']:.3f}, {row['auc_upper']:.3f}]"


def finds_defaults(rows: Sequence[Row]) -> tuple[bool, str]:
    """Evaluate the stop rule: whether the score is shown to find defaults, and why.

    Parameters
    ----------
    rows
        Of `read_score_comparisons`, of one version.

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
    if row["auc_lower"] is None:
        return False, said
    if row["auc_lower"] > CHANCE:
        return True, f"{said}: above 0.5"
    where = "includes 0.5" if row["auc_upper"] >= CHANCE else "lies below 0.5"
    return False, f"{said}: the interval {where}"
