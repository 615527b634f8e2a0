"""Ids of decisions and reviews."""

import os
import uuid
from collections.abc import Iterator
from typing import Final

IDS_AT_ONCE: Final = 256


def new_ids() -> Iterator[str]:
    """Give random ids (UUID 4), of whose bytes the system is asked for many at once.

    Examples
    --------
    >>> len(next(new_ids()))
    36
    """
    while True:
        drawn = os.urandom(16 * IDS_AT_ONCE)
        for start in range(0, len(drawn), 16):
            yield str(uuid.UUID(bytes=drawn[start : start + 16], version=4))
