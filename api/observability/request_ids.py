"""Names each request, for the answer, the log, and whoever asks about it later."""

import os
import re
from collections.abc import MutableMapping
from itertools import count
from typing import Any, Final, cast

from litestar.types import Scope

SCOPE_KEY: Final = "request_id"
HEADER: Final = b"x-request-id"
# A UUID or a trace id. Free text would put whatever a caller writes into the log.
SANE_ID: Final = re.compile(rb"[0-9A-Fa-f-]{16,64}")

_process: Final = os.urandom(8).hex()
_numbers: Final = count(1)


def name_request(scope: MutableMapping[str, Any]) -> str:
    """Give a request its id: the caller's, if it is sane, or a new one.

    Examples
    --------
    >>> scope = {"headers": [(b"x-request-id", b"4bf92f3577b34da6a3ce929d0e0e4736")]}
    >>> name_request(scope)
    '4bf92f3577b34da6a3ce929d0e0e4736'
    >>> request_id_of(scope)
    '4bf92f3577b34da6a3ce929d0e0e4736'
    """
    request_id = None
    for name, value in scope["headers"]:
        if name == HEADER:
            if SANE_ID.fullmatch(value):
                request_id = value.decode()
            break
    if request_id is None:
        # A random number a process and a counter: unique, and ten times cheaper than
        # asking the system for randomness at each request.
        request_id = _process + str(next(_numbers))
    scope[SCOPE_KEY] = request_id
    return request_id


def request_id_of(scope: Scope) -> str:
    """Return the id that a request was given."""
    request_id: str = cast("dict[str, Any]", scope)[SCOPE_KEY]
    return request_id
