"""What a reader must know of calibration: red lights, lines that are not 0 and 1."""

from collections.abc import Sequence

from training.card.causes import given, interval
from training.card.parts import Row

# Names of training.splits: rows that nothing was fitted to.
HELD_OUT = ("test", "test_unseen", "fold_0")
RED = "red"
# The calibration that is folded into the points.
IN_USE = ("scorecard", "linear")
RIGHT = {"intercept": 0.0, "slope": 1.0}


def calibration_alarms(grades: Sequence[Row], lines: Sequence[Row]) -> list[str]:
    """Say on which held-out split the card is not calibrated, and how.

    Parameters
    ----------
    grades
        Rows of model.grade_calibration.
    lines
        Rows of model.calibration_metrics; only those of the scorecard as it is used
        count.

    Examples
    --------
    >>> line = {"candidate": "scorecard", "method": "linear", "split": "test",
    ...         "intercept": 0.2, "intercept_lower": 0.1, "intercept_upper": 0.3,
    ...         "slope": 1.0, "slope_lower": 0.9, "slope_upper": 1.1}
    >>> calibration_alarms([], [line])
    ['Not calibrated on test: intercept 0.200 [0.100, 0.300], which excludes 0.']
    """
    return [
        alarm
        for split in HELD_OUT
        for alarm in (
            *_red([row for row in grades if row["split"] == split], split),
            *_off([row for row in lines if row["split"] == split], split),
        )
    ]


def _red(rows: Sequence[Row], split: str) -> list[str]:
    found = "; ".join(
        f"{row['grade']}, predicted {given(row, 'predicted'):.1%}, observed"
        f" {given(row, 'observed'):.1%} of {row['row_count']:,}"
        for row in rows
        if row["traffic_light"] == RED
    )
    return [f"Risk is underestimated on {split} (red light): {found}."] if found else []


def _off(rows: Sequence[Row], split: str) -> list[str]:
    found = [
        f"{name} {interval(row, name)}, which excludes {right:g}"
        for row in rows
        if (row["candidate"], row["method"]) == IN_USE
        for name, right in RIGHT.items()
        if _excludes(row, name, right)
    ]
    return [f"Not calibrated on {split}: {'; '.join(found)}."] if found else []


def _excludes(row: Row, name: str, right: float) -> bool:
    if row[name] is None:
        return False
    lower, upper = (given(row, f"{name}_{end}") for end in ("lower", "upper"))
    return not lower <= right <= upper
