"""Why no decision may be made at the moment, whatever the release says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

STOP_FILE: Final = "DISABLED"


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
            if path.exists():
                return f"decisions are switched off: {_first_line(path)}"
        if self.max_snapshot_age_days is None:
            return None
        today = today or datetime.now(UTC).date()
        age = (today - date.fromisoformat(snapshot_date)).days
        if age <= self.max_snapshot_age_days:
            return None
        return (
            f"the data are of {snapshot_date}, {age} days old; "
            f"at most {self.max_snapshot_age_days} are allowed"
        )


def _first_line(path: Path) -> str:
    """Return what the one who stopped them wrote, or which file to remove."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return next((line.strip() for line in lines if line.strip()), f"{path.name} exists")
