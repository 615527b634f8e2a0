"""The keys that open the API now: read again within a second of a change."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from api.access.actor import Actor
from api.access.key_file import KeyFileError, read_keys
from api.access.keys import StoredKey, is_secret_of, parse_key, utc_now
from api.access.rate_limit import TokenBucket
from api.errors import KeysUnreadableError

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS: Final = 1.0
Signature = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Holder of a key that is not revoked; the bucket is None without a limit.

    Two keys of one name, of which one replaces the other, share a bucket.
    """

    kept: StoredKey
    actor: Actor
    bucket: TokenBucket | None


class KeyRing:
    """Keys of a file that may change while the process runs.

    Without any key the ring is open. Once it has seen one it stays locked: a file that
    is revoked empty, damaged or gone afterwards opens nothing.

    Parameters
    ----------
    path
        File of keys; absent or empty means no key is configured.
    per_minute
        Requests a minute of each key in this process; 0 is no limit.
    is_required
        Whether there must be a key.
    clock
        Seconds that only go forward.
    calendar
        Time now, which ends keys that were replaced.

    Raises
    ------
    KeyFileError
        If the file cannot be read, or holds no key where there must be one.
    """

    def __init__(
        self,
        path: Path,
        *,
        per_minute: int,
        is_required: bool = False,
        clock: Callable[[], float] = monotonic,
        calendar: Callable[[], datetime] = utc_now,
    ) -> None:
        self._path = path
        self._per_minute = per_minute
        self._clock = clock
        self._calendar = calendar
        self._holders: dict[str, Holder] = {}
        self._problem: str | None = None
        self._signature = _signature(path)
        self._next_look = clock() + SECONDS_BETWEEN_LOOKS
        self._is_locked = False
        self._take(read_keys(path))
        if is_required and not self._is_locked:
            message = (
                f"no API key in {path}, without which only this machine may be "
                "answered: python -m api keys create --name NAME --role ROLE makes "
                "one, or listen on 127.0.0.1"
            )
            raise KeyFileError(message)

    @property
    def is_locked(self) -> bool:
        """Whether a key is needed, as the file stands now."""
        if self._clock() >= self._next_look:
            self._look()
        return self._is_locked

    def holder_of(self, key: bytes) -> Holder | None:
        """Return who holds this key; None when it opens nothing.

        Raises
        ------
        KeysUnreadableError
            If the file is damaged or gone, so that nobody can be let in.
        """
        if self._problem is not None:
            message = "Keys cannot be checked at the moment; the log says why."
            raise KeysUnreadableError(message)
        parsed = parse_key(key)
        if parsed is None:
            return None
        key_id, secret = parsed
        holder = self._holders.get(key_id)
        kept = None if holder is None else holder.kept
        if not is_secret_of(secret, kept):
            return None
        if kept and kept.valid_until and not kept.is_open(self._calendar()):
            return None
        return holder

    def _look(self) -> None:
        self._next_look = self._clock() + SECONDS_BETWEEN_LOOKS
        signature = _signature(self._path)
        # While nobody is let in, it is read again: what failed may pass by itself.
        if signature == self._signature and self._problem is None:
            return
        self._signature = signature
        try:
            self._take(read_keys(self._path))
        except KeyFileError as error:
            self._refuse_all(str(error))

    def _take(self, keys: tuple[StoredKey, ...]) -> None:
        if not keys:
            if self._is_locked:
                self._refuse_all(f"the keys file {self._path} holds no key any more")
            return
        self._is_locked = True
        self._problem = None
        buckets = {holder.kept.name: holder.bucket for holder in self._holders.values()}
        self._holders = {
            kept.key_id: self._holder(kept, buckets)
            for kept in keys
            if kept.revoked_at is None
        }

    def _holder(
        self, kept: StoredKey, buckets: dict[str, TokenBucket | None]
    ) -> Holder:
        if kept.name not in buckets:
            buckets[kept.name] = (
                TokenBucket(per_minute=self._per_minute, now=self._clock())
                if self._per_minute
                else None
            )
        actor = Actor(kept.name, frozenset(kept.roles))
        return Holder(kept, actor, buckets[kept.name])

    def _refuse_all(self, problem: str) -> None:
        self._is_locked = True
        if problem != self._problem:
            logger.error("nobody is let in: %s", problem)
        self._problem = problem


def _signature(path: Path) -> Signature:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ino, state.st_size
