"""The outermost layer: gives each request an id, bounds its time, and records it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic
from typing import Final

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from api.access.headers import AnswerHeaders
from api.observability.exchange import Exchange
from api.observability.logs import RequestLine, RequestLog, level_of
from api.observability.metrics import RequestMetrics, known_method
from api.schemas.problem import Problem

CALLER_LEFT: Final = 499
LOOKS_PER_LIMIT: Final = 10


class Recorder:
    """Wraps the application in one layer, so that it costs little.

    Parameters
    ----------
    headers
        What every answer carries.
    timeout_seconds
        Longest time of a request. A handler that computes without waiting cannot be
        stopped; one that waits, for a body or a disk, can.
    log
        Where requests are logged; None is nowhere.
    release_id
        Names the release that is served now.
    """

    def __init__(
        self,
        *,
        headers: AnswerHeaders,
        timeout_seconds: float,
        log: RequestLog | None,
        release_id: Callable[[], str | None],
    ) -> None:
        self.metrics = RequestMetrics()
        self.log = log
        self._headers = headers
        self._timeout = timeout_seconds
        self._release_id = release_id
        # In order of their start.
        self._in_flight: dict[Exchange, None] = {}
        self._watch: asyncio.TimerHandle | None = None

    @property
    def in_flight(self) -> int:
        """Number of requests that are being answered."""
        return len(self._in_flight)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return the application with all of this around it."""

        async def record(scope: Scope, receive: Receive, send: Send) -> None:
            exchange = Exchange(
                scope, send, started_at=monotonic(), headers=self._headers
            )
            self._in_flight[exchange] = None
            if self._watch is None:
                self._watch_again()
            try:
                await app(scope, receive, exchange.send)
            except asyncio.CancelledError:
                if not exchange.is_overdue or exchange.status:
                    raise
                await self._give_up(exchange)
            finally:
                del self._in_flight[exchange]
                self._record(scope, exchange)

        return record

    def _record(self, scope: Scope, exchange: Exchange) -> None:
        seconds = monotonic() - exchange.started_at
        method = known_method(scope["method"])  # type: ignore[typeddict-item]
        route = exchange.route
        status = exchange.status or CALLER_LEFT
        self.metrics.add(route, method, status, seconds=seconds)
        if self.log is not None:
            self.log.add(
                RequestLine(
                    datetime.now(UTC),
                    level_of(status),
                    exchange.request_id,
                    method,
                    route,
                    status,
                    round(seconds * 1000, 3),
                    exchange.actor,
                    self._release_id(),
                )
            )

    def _watch_again(self) -> None:
        self._watch = asyncio.get_running_loop().call_later(
            self._timeout / LOOKS_PER_LIMIT, self._look
        )

    def _look(self) -> None:
        self._watch = None
        latest = monotonic() - self._timeout
        for exchange in self._in_flight:
            if exchange.started_at > latest:
                break
            if not exchange.is_overdue and exchange.task is not None:
                exchange.is_overdue = True
                exchange.task.cancel()
        if self._in_flight:
            self._watch_again()

    async def _give_up(self, exchange: Exchange) -> None:
        if exchange.task is not None:
            exchange.task.uncancel()
        status = HTTPStatus.SERVICE_UNAVAILABLE
        body = msgspec.json.encode(
            Problem(
                type="urn:problem-type:bati:timeout",
                title="Not answered in time",
                status=status,
                detail=f"There was no answer within {self._timeout:g} seconds.",
                request_id=exchange.request_id,
            )
        )
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await exchange.send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await exchange.send(
            {"type": "http.response.body", "body": body, "more_body": False}
        )
