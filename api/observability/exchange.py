"""One request and its answer, as far as logs and metrics know it."""

import asyncio
import os
import re
from collections.abc import Awaitable
from itertools import count
from typing import Any, Final, cast

from litestar.types import Message, Scope, Send

from api.access.headers import AnswerHeaders

SCOPE_KEY: Final = "exchange"
HEADER: Final = b"x-request-id"
# A UUID or a trace id. Free text would put whatever a caller writes into the log.
SANE_ID: Final = re.compile(rb"[0-9A-Fa-f-]{16,64}")
UNMATCHED: Final = "unmatched"

_process: Final = os.urandom(8).hex()
_numbers: Final = count(1)


class Exchange:
    """One request and its answer.

    Attributes
    ----------
    request_id
        Given by the caller if it is a UUID or a trace id, else made here.
    started_at
        Seconds of the monotonic clock.
    actor
        Name of who asks; None while nobody is known.
    status
        HTTP status; 0 until the answer starts.
    task
        The task that answers, to be cancelled when it takes too long.
    is_overdue
        Whether it was.
    """

    __slots__ = (
        "_headers",
        "_scope",
        "_send",
        "actor",
        "is_overdue",
        "request_id",
        "started_at",
        "status",
        "task",
    )

    def __init__(
        self,
        scope: Scope,
        send: Send,
        *,
        started_at: float,
        headers: AnswerHeaders,
    ) -> None:
        self._scope = scope
        self._send = send
        self._headers = headers
        self.request_id = request_id_of(scope)
        self.started_at = started_at
        self.actor: str | None = None
        self.status = 0
        self.task = asyncio.current_task()
        self.is_overdue = False
        cast("dict[str, Any]", scope)[SCOPE_KEY] = self

    @property
    def route(self) -> str:
        """Template of the route, which names no customer."""
        return self._scope.get("path_template", UNMATCHED)

    def send(self, message: Message) -> Awaitable[None]:
        """Send a part of the answer, with the headers that all have."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                (HEADER, self.request_id.encode()),
                *self._headers.of(self.route),
            ]
        return self._send(message)


def exchange_of(scope: Scope) -> Exchange:
    """Return the exchange that a scope belongs to."""
    exchange: Exchange = cast("dict[str, Any]", scope)[SCOPE_KEY]
    return exchange


def request_id_of(scope: Scope) -> str:
    """Return the id that the caller gave, if it is sane, or a new one."""
    for name, value in scope["headers"]:
        if name == HEADER:
            if SANE_ID.fullmatch(value):
                return value.decode()
            break
    # A random number a process and a counter: unique, and ten times cheaper than
    # asking the system for randomness at each request.
    return f"{_process}{next(_numbers):08x}"
