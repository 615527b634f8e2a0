"""Bounds how often a key may ask."""

from typing import Final

SECONDS_PER_MINUTE: Final = 60.0


class TokenBucket:
    """A full bucket holds one minute's requests and fills again evenly.

    So a key may use its minute in a burst, and over any longer time asks no more
    often than `per_minute`. Each process keeps buckets of its own, and gives a key its
    share of the limit.

    Parameters
    ----------
    per_minute
        Requests a minute, at least 1.
    now
        Seconds of a clock that only goes forward.

    Examples
    --------
    >>> bucket = TokenBucket(per_minute=2, now=0.0)
    >>> bucket.seconds_to_wait(0.0), bucket.seconds_to_wait(0.0)
    (0.0, 0.0)
    >>> bucket.seconds_to_wait(0.0), bucket.seconds_to_wait(30.0)
    (30.0, 0.0)
    """

    __slots__ = ("_per_second", "_size", "_tokens", "_updated_at")

    def __init__(self, *, per_minute: int, now: float) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / SECONDS_PER_MINUTE
        self._tokens = self._size
        self._updated_at = now

    def seconds_to_wait(self, now: float) -> float:
        """Take a token and return 0, or the seconds until there is one."""
        tokens = min(
            self._size, self._tokens + (now - self._updated_at) * self._per_second
        )
        self._updated_at = now
        if tokens >= 1.0:
            self._tokens = tokens - 1.0
            return 0.0
        self._tokens = tokens
        return (1.0 - tokens) / self._per_second
