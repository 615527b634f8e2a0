"""When to try again what failed."""

from typing import Final

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 30.0


class Retry:
    """Waits 1 s before the first try again, then twice as long each time, up to 30 s.

    Parameters
    ----------
    now
        Seconds of a clock that only goes forward.

    Examples
    --------
    >>> retry = Retry(now=0.0)
    >>> [second for second in range(100) if retry.is_due(float(second))]
    [1, 3, 7, 15, 31, 61, 91]
    """

    def __init__(self, now: float) -> None:
        self.start(now)

    def start(self, now: float) -> None:
        """Begin anew: something has just been tried for the first time."""
        self._wait = FIRST_WAIT
        self._next = now + self._wait

    def is_due(self, now: float) -> bool:
        """Whether to try now; if so, the next wait begins."""
        if now < self._next:
            return False
        self._wait = min(2 * self._wait, LONGEST_WAIT)
        self._next = now + self._wait
        return True
