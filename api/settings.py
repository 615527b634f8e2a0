"""Settings of the API, taken from the environment once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.stop_switch import STOP_FILE, StopSwitch

HIGHEST_PORT = 65_535
MOST_WORKERS = 256
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the API reads and listens.

    Attributes
    ----------
    data_dir
        Folder of the run; only ``releases`` and decisions in it are read.
    host, port
        Address to listen on.
    workers
        Number of worker processes (``WEB_CONCURRENCY``).
    max_snapshot_age_days
        Older data decide nothing (``MAX_SNAPSHOT_AGE_DAYS``); None: any age will do.
    decisions_path
        Folder of the logs of decisions; None for ``decisions`` in the data folder.
    """

    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    max_snapshot_age_days: int | None = None
    decisions_path: Path | None = None

    @property
    def releases_dir(self) -> Path:
        """Folder of all releases and of the pointer file."""
        return self.data_dir / "releases"

    @property
    def stop_switch(self) -> StopSwitch:
        """What stops decisions: a file in either folder, and data too old."""
        return StopSwitch(
            (self.data_dir / STOP_FILE, self.releases_dir / STOP_FILE),
            self.max_snapshot_age_days,
        )

    @property
    def decisions_dir(self) -> Path:
        """Folder of the logs of decisions."""
        return self.decisions_path or self.data_dir / "decisions"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings; an empty variable counts as absent.

        Raises
        ------
        ValueError
            If ``PORT``, ``WEB_CONCURRENCY`` or ``MAX_SNAPSHOT_AGE_DAYS`` is not a
            whole number in range.

        Examples
        --------
        >>> Settings.from_environment({"PORT": "9000"}).port
        9000
        >>> Settings.from_environment({"PORT": "many"})
        Traceback (most recent call last):
            ...
        ValueError: PORT is 'many'; give a whole number from 1 to 65535
        """
        default = cls()
        decisions = environment.get("DECISIONS_DIR")
        return cls(
            data_dir=Path(environment.get("DATA_DIR") or default.data_dir).absolute(),
            host=environment.get("HOST") or default.host,
            port=_whole_number(environment, "PORT", default.port, HIGHEST_PORT),
            workers=_whole_number(
                environment, "WEB_CONCURRENCY", default.workers, MOST_WORKERS
            ),
            max_snapshot_age_days=_whole_number(
                environment, "MAX_SNAPSHOT_AGE_DAYS", None, MOST_DAYS
            ),
            decisions_path=Path(decisions).absolute() if decisions else None,
        )


Default = TypeVar("Default", int, None)


def _whole_number(
    environment: Mapping[str, str], name: str, default: Default, highest: int
) -> int | Default:
    text = environment.get(name)
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= highest:
        message = f"{name} is '{text}'; give a whole number from 1 to {highest}"
        raise ValueError(message)
    return int(text)
