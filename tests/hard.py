"""How much of the tests that take minutes is run.

`make test-hard` runs all of it; `HARD_SHARE=0.1` a tenth of the kills, switches,
samples and requests, so that each change can meet every kind of trouble.
"""

import os


def share_of(whole: int) -> int:
    """Return how many of so many repetitions are asked for, at least one.

    Examples
    --------
    >>> share_of(200) <= 200
    True
    """
    return max(1, round(whole * float(os.environ.get("HARD_SHARE") or 1)))
