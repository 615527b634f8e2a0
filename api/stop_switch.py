"""Why no decision may be made at the moment, whatever the release says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

STOP_FILE: Final = "DISABLED"
# As dbt warns of old transactions: its var data_age_warn_days.
OLD_AFTER_DAYS: Final = 35


@dataclass(frozen=True, slots=True)
class StopSwitch:
    """What stops decisions.

    Attributes
    ----------
    files
        Any of them, while it exists; its first line is the reason.
    max_snapshot_age_days
        Older data decide nothing; None: any age will do.
    """

    files: Sequence[Path] = ()
    max_snapshot_age_days: int | None = None

    def refusal(self, snapshot_date: str, today: date | None = None) -> str | None:
        """Return why nothing is decided, or None.

        Examples
        --------
        >>> switch = StopSwitch(max_snapshot_age_days=30)
        >>> switch.refusal("2019-02-14", date(2019, 3, 16)) is None
        True
        >>> switch.refusal("2019-02-14", date(2019, 3, 17))
        'the data are of 2019-02-14, 31 days old; at most 30 are allowed'
        """
        for path in self.files:
            reason = _reason_to_stop(path)
            if reason is not None:
                return f"decisions are switched off: {reason}"
        if self.max_snapshot_age_days is None:
            return None
        age = age_in_days(snapshot_date, today or utc_today())
        if age <= self.max_snapshot_age_days:
            return None
        return (
            f"the data are of {snapshot_date}, {age} days old; "
            f"at most {self.max_snapshot_age_days} are allowed"
        )

    def data_warning(
        self,
        snapshot_date: str,
        stale_after_days: float | None,
        today: date | None = None,
    ) -> str | None:
        """Return that old data are decided on as nothing limits their age, or None.

        Parameters
        ----------
        stale_after_days
            Age from which the policy of the release refers, if it has such a rule.

        Examples
        --------
        >>> switch = StopSwitch()
        >>> switch.data_warning("2019-02-14", None, date(2019, 3, 21)) is None
        True
        >>> switch.data_warning("2019-02-14", None, date(2019, 3, 22))[:60]
        'the data are of 2019-02-14, 36 days old, and no limit is set'
        >>> switch.data_warning("2019-02-14", 30, date(2019, 3, 22)) is None
        True
        """
        limits = self.max_snapshot_age_days, stale_after_days
        age = age_in_days(snapshot_date, today or utc_today())
        if limits != (None, None) or age <= OLD_AFTER_DAYS:
            return None
        return (
            f"the data are of {snapshot_date}, {age} days old, and no limit is set: "
            "MAX_SNAPSHOT_AGE_DAYS refuses decisions on older data, one for stale_data "
            "in seeds/policy_reasons.csv refers them"
        )


def age_in_days(snapshot_date: str, today: date) -> int:
    """Return the days from a snapshot (ISO 8601) to a day, both in UTC.

    Examples
    --------
    >>> age_in_days("2019-02-14", date(2019, 3, 1))
    15
    """
    return (today - date.fromisoformat(snapshot_date)).days


def utc_today() -> date:
    """Return today's date in UTC, which snapshots are counted in."""
    return datetime.now(UTC).date()


def _reason_to_stop(path: Path) -> str | None:
    """Return why this file stops decisions; None if it is not there, for certain."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"whether {path.name} exists cannot be seen ({error.strerror})"
    return _first_line(path)


def _first_line(path: Path) -> str:
    """Return what the one who stopped them wrote, or which file to remove."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return next((line.strip() for line in lines if line.strip()), f"{path.name} exists")
