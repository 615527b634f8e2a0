"""Settings of the API, taken from the environment once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api.observability.logs import LEVELS
from api.stop_switch import STOP_FILE, StopSwitch

HIGHEST_PORT = 65_535
MOST_WORKERS = 256
MOST_DAYS = 36_500
MOST_PER_MINUTE = 10_000_000
LONGEST_TIMEOUT = 3_600
ORIGIN = re.compile(r"https?://[^/\s,*@?#]+")
SWITCH = {"0": False, "1": True}


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
    api_keys_file
        File of API keys; None is ``access/api_keys.json`` in the data folder.
    require_api_keys
        Whether it starts only with a key (``REQUIRE_API_KEYS=1``).
    rate_limit_per_minute
        Requests a minute of each key, over all workers; 0 is no limit.
    request_timeout_seconds
        Longest time of a request.
    cors_origins
        Origins of web pages that may call, such as ``https://bank.example``.
    behind_tls
        Whether people reach the server through HTTPS alone (``BEHIND_TLS=1``).
    log_level
        Least level that is logged.
    """

    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    max_snapshot_age_days: int | None = None
    decisions_path: Path | None = None
    api_keys_file: Path | None = None
    require_api_keys: bool = False
    rate_limit_per_minute: int = 6_000
    request_timeout_seconds: int = 30
    cors_origins: tuple[str, ...] = ()
    behind_tls: bool = False
    log_level: str = "info"

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

    @property
    def keys_path(self) -> Path:
        """File of API keys."""
        return self.api_keys_file or self.data_dir / "access" / "api_keys.json"

    @property
    def rate_limit_of_a_worker(self) -> int:
        """Requests a minute of each key in one worker; 0 is no limit.

        Examples
        --------
        >>> Settings(rate_limit_per_minute=6_000, workers=4).rate_limit_of_a_worker
        1500
        >>> Settings(rate_limit_per_minute=2, workers=4).rate_limit_of_a_worker
        1
        >>> Settings(rate_limit_per_minute=0, workers=4).rate_limit_of_a_worker
        0
        """
        if not self.rate_limit_per_minute:
            return 0
        return max(1, self.rate_limit_per_minute // self.workers)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings; an empty variable counts as absent.

        Raises
        ------
        ValueError
            If a variable has a value that it cannot have.

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
            decisions_path=_path(environment.get("DECISIONS_DIR")),
            api_keys_file=_path(environment.get("API_KEYS_FILE")),
            require_api_keys=_switch(environment, "REQUIRE_API_KEYS"),
            rate_limit_per_minute=_whole_number(
                environment,
                "RATE_LIMIT_PER_MINUTE",
                default.rate_limit_per_minute,
                MOST_PER_MINUTE,
                lowest=0,
            ),
            request_timeout_seconds=_whole_number(
                environment,
                "REQUEST_TIMEOUT_SECONDS",
                default.request_timeout_seconds,
                LONGEST_TIMEOUT,
            ),
            cors_origins=_origins(environment.get("CORS_ORIGINS") or ""),
            behind_tls=_switch(environment, "BEHIND_TLS"),
            log_level=_one_of(environment, "LOG_LEVEL", default.log_level, LEVELS),
        )


Default = TypeVar("Default", int, None)


def _whole_number(
    environment: Mapping[str, str],
    name: str,
    default: Default,
    highest: int,
    *,
    lowest: int = 1,
) -> int | Default:
    text = environment.get(name)
    if not text:
        return default
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        message = f"{name} is '{text}'; give a whole number from {lowest} to {highest}"
        raise ValueError(message)
    return int(text)


def _path(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None


def _switch(environment: Mapping[str, str], name: str) -> bool:
    return SWITCH[_one_of(environment, name, "0", tuple(SWITCH))]


def _one_of(
    environment: Mapping[str, str], name: str, default: str, values: tuple[str, ...]
) -> str:
    text = (environment.get(name) or default).lower()
    if text not in values:
        message = f"{name} is '{text}'; give {', '.join(values[:-1])} or {values[-1]}"
        raise ValueError(message)
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip() for part in text.split(",") if part.strip())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            message = (
                f"CORS_ORIGINS has '{origin}'; give origins such as "
                "https://bank.example, with commas between them"
            )
            raise ValueError(message)
    return origins
