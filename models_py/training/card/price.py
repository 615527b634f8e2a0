"""The price of interpretability on every split: Gini of the card minus XGBoost's."""

from collections.abc import Sequence

from training.card.causes import given, interval, too_few
from training.card.parts import Row

# How far behind the card may be; farther behind, the reader is told where.
GINI_BEHIND = 0.03


def shown_price(row: Row, why: str | None = None) -> str:
    """Write the difference in Gini with its paired interval.

    Examples
    --------
    >>> shown_price({"gini_difference": -0.02, "gini_difference_lower": -0.03,
    ...              "gini_difference_upper": -0.01, "row_count": 900})
    '-0.020 [-0.030, -0.010]'
    """
    return interval(row, "gini_difference", "{:+.3f}", why=why)


def splits_behind(rows: Sequence[Row]) -> list[str]:
    """Name the splits on which the card is too far behind, in the order of the rows.

    Parameters
    ----------
    rows
        Of model.candidate_comparisons: the scorecard minus XGBoost, one per split.

    Examples
    --------
    >>> splits_behind([{"split": "test", "gini_difference": -0.02, "row_count": 900},
    ...                {"split": "fold_0", "gini_difference": -0.04, "row_count": 90}])
    ['fold_0']
    """
    return [
        str(row["split"])
        for row in rows
        if row["gini_difference"] is not None
        and given(row, "gini_difference") < -GINI_BEHIND
    ]


def said_behind(rows: Sequence[Row]) -> str:
    """Say on which splits the card is more than `GINI_BEHIND` behind, if on any.

    Examples
    --------
    >>> said_behind([{"split": "test", "gini_difference": -0.02, "row_count": 900}])
    'The scorecard is more than 0.03 Gini behind XGBoost on none of these splits.'
    """
    measured = [row for row in rows if row["gini_difference"] is not None]
    if not measured:
        return "On no split were both of them measured."
    behind = [
        f"{row['split']} ({row['gini_difference']:+.3f}"
        f"{', of few rows' if too_few(row) else ''})"
        for row in measured
        if row["split"] in splits_behind(measured)
    ]
    where = ", ".join(behind) or "none of these splits"
    return f"The scorecard is more than {GINI_BEHIND:g} Gini behind XGBoost on {where}."
