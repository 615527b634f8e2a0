"""The outermost layer: gives each request an id, bounds its time, and records it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from time import monotonic, time
from typing import Any, Final

import msgspec
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.access.headers import AnswerHeaders
from api.observability.logs import Answered, RequestLog
from api.observability.metrics import RequestMetrics, known_method
from api.observability.request_ids import HEADER, name_request
from api.schemas.problem import Problem

CALLER_LEFT: Final = 499
UNMATCHED: Final = "unmatched"
SECONDS_BETWEEN_TICKS: Final = 0.1
AnyTask = asyncio.Task[Any]


class Recorder:
    """Wraps the application in one layer that does little while a request waits.

    What was answered is put on a list; ten times a second the list goes to metrics and
    log. In one go a line costs a third of what it costs between two requests.

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
        Names the release that is served now; a line names the one of its tenth of a
        second, a record of a decision its very own.
    in_doubt
        What a caller is told besides when a request is given up that may have had its
        effect, by method and route.
    """

    def __init__(
        self,
        *,
        headers: AnswerHeaders,
        timeout_seconds: float,
        log: RequestLog | None,
        release_id: Callable[[], str | None],
        in_doubt: Mapping[tuple[str, str], str],
    ) -> None:
        self.log = log
        self._metrics = RequestMetrics()
        self._headers = headers
        self._timeout = timeout_seconds
        self._release_id = release_id
        self._in_doubt = in_doubt
        self._answered: list[Answered] = []
        # When each began, by the task that answers it; the oldest first.
        self._in_flight: dict[AnyTask, float] = {}
        self._overdue: set[AnyTask] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tick: asyncio.TimerHandle | None = None

    @property
    def in_flight(self) -> int:
        """Number of requests that are being answered."""
        return len(self._in_flight)

    @property
    def metrics(self) -> RequestMetrics:
        """Counts of all requests that were answered up to now."""
        self._settle()
        return self._metrics

    def close(self) -> None:
        """Write what is left to the log, and close it."""
        self._settle()
        if self.log is not None:
            self.log.close()

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return the application with all of this around it."""
        in_flight = self._in_flight

        async def record(scope: Scope, receive: Receive, send: Send) -> None:
            started_at = monotonic()
            request_id = name_request(scope)  # type: ignore[arg-type]
            # To ask for the loop each time would cost more than all else here.
            task = asyncio.current_task(self._loop) or self._task_of_new_loop()
            in_flight[task] = started_at
            if self._tick is None:
                self._tick_later()
            status = 0

            def send_on(message: Message) -> Awaitable[None]:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    message["headers"] = [
                        *message["headers"],
                        (HEADER, request_id.encode()),
                        *self._headers.of(scope.get("path_template", UNMATCHED)),
                    ]
                return send(message)

            try:
                await app(scope, receive, send_on)
            except asyncio.CancelledError:
                if task not in self._overdue or status:
                    raise
                task.uncancel()
                route = scope.get("path_template", UNMATCHED)
                method = scope["method"]  # type: ignore[typeddict-item]
                doubt = self._in_doubt.get((method, route))
                await self._give_up(request_id, doubt, send_on)
            finally:
                del in_flight[task]
                now = monotonic()
                self._answered.append(
                    (
                        now,
                        request_id,
                        scope["method"],  # type: ignore[typeddict-item]
                        scope.get("path_template", UNMATCHED),
                        status or CALLER_LEFT,
                        now - started_at,
                        scope.get("user"),
                    )
                )

        return record

    def _task_of_new_loop(self) -> AnyTask:
        """Return the task at the first request; tests have more loops than one."""
        self._tick = None
        task = asyncio.current_task()
        if task is None:
            message = "requests are answered in tasks"
            raise RuntimeError(message)
        return task

    def _tick_later(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._tick = self._loop.call_later(
            min(SECONDS_BETWEEN_TICKS, self._timeout / 2), self._on_tick
        )

    def _on_tick(self) -> None:
        self._tick = None
        self._settle()
        latest = monotonic() - self._timeout
        self._overdue.intersection_update(self._in_flight)
        for task, started_at in self._in_flight.items():
            if started_at > latest:
                break
            if task not in self._overdue:
                self._overdue.add(task)
                task.cancel()
        if self._in_flight:
            self._tick_later()

    def _settle(self) -> None:
        answered, self._answered = self._answered, []
        for _, _, method, route, status, seconds, _ in answered:
            self._metrics.add(route, known_method(method), status, seconds=seconds)
        if self.log is not None and answered:
            epoch = time() - monotonic()
            self.log.add(answered, epoch=epoch, release_id=self._release_id())

    async def _give_up(self, request_id: str, doubt: str | None, send: Send) -> None:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        detail = f"There was no answer within {self._timeout:g} seconds."
        body = msgspec.json.encode(
            Problem(
                type="urn:problem-type:bati:timeout",
                title="Not answered in time",
                status=status,
                detail=f"{detail} {doubt}" if doubt else detail,
                request_id=request_id,
            )
        )
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body, "more_body": False})
