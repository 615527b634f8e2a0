"""Logs: one line of JSON for each request, and for whatever else is to be told.

No line holds a customer id or a key: a request is told by the template of its route.
"""

import logging
import threading
from datetime import UTC, datetime
from http import HTTPStatus
from queue import SimpleQueue
from typing import Any, BinaryIO, Final

import msgspec

from api.access.actor import Actor
from api.observability.metrics import known_method

MOST_BATCHES_WAITING: Final = 100
SECONDS_TO_FINISH: Final = 2.0
LEVELS: Final = ("debug", "info", "warning", "error")
FORMATTER: Final = f"{__name__}.JsonFormatter"


# Monotonic time of the end, id, method, route, status, seconds, actor.
Answered = tuple[float, str, str, str, int, float, Actor | None]
Batch = tuple[list[Answered], float, str | None]


class RequestLine(msgspec.Struct, frozen=True, gc=False):
    """What is logged of one request.

    Attributes
    ----------
    time
        When it was answered, UTC.
    level
        error for a status of 500 or more, else info.
    request_id, method, route, status, duration_ms, actor, release_id
        Route is a template. Status 499: the caller went away before an answer.
    """

    time: datetime
    level: str
    request_id: str
    method: str
    route: str
    status: int
    duration_ms: float
    actor: str | None
    release_id: str | None
    event: str = "request"


class RequestLog:
    """Writes lines in a thread of its own.

    A batch is written at once, so that a request costs no system call, and a reader
    who is slow or stuck holds up nobody: beyond a hundred waiting batches, lines are
    dropped and counted. What may not be lost is a decision record.

    Parameters
    ----------
    stream
        Where lines go.
    level
        Least level that is written, of `LEVELS`.
    """

    def __init__(self, stream: BinaryIO, *, level: str) -> None:
        self._stream = stream
        self._only_errors = LEVELS.index(level) > LEVELS.index("info")
        self._batches: SimpleQueue[Batch | None] = SimpleQueue()
        self._writer: threading.Thread | None = None
        self.dropped = 0

    def add(
        self, answered: list[Answered], *, epoch: float, release_id: str | None
    ) -> None:
        """Take requests to write.

        Parameters
        ----------
        answered
            The requests.
        epoch
            Unix time at which the monotonic clock was 0.
        release_id
            Release that is served.
        """
        if self._only_errors:
            answered = [one for one in answered if _level(one[4]) == "error"]
        if not answered:
            return
        if self._batches.qsize() >= MOST_BATCHES_WAITING:
            self.dropped += len(answered)
            return
        if self._writer is None:
            self._writer = threading.Thread(
                target=self._write_all, name="request log", daemon=True
            )
            self._writer.start()
        self._batches.put((answered, epoch, release_id))

    def close(self) -> None:
        """Write what is left."""
        if self._writer is not None:
            self._batches.put(None)
            self._writer.join(SECONDS_TO_FINISH)
            self._writer = None

    def _write_all(self) -> None:
        encoder = msgspec.json.Encoder()
        while (batch := self._batches.get()) is not None:
            answered, epoch, release_id = batch
            lines = [_line(one, epoch, release_id) for one in answered]
            try:
                self._stream.write(encoder.encode_lines(lines))
                self._stream.flush()
            except (OSError, ValueError):
                self.dropped += len(answered)


class JsonFormatter(logging.Formatter):
    r"""Formats a record of `logging` as one line of JSON.

    Examples
    --------
    >>> record = logging.makeLogRecord({"name": "api", "msg": "a\nb", "created": 0})
    >>> print(JsonFormatter().format(record))  # doctest: +ELLIPSIS
    {"time":"1970-01-01T00:00:00Z",...,"event":"api","message":"a\nb"}
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "event": record.name.removeprefix("_"),
            "message": record.getMessage(),
        }
        # An exception's text may hold a customer id: its type has to do.
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
        return msgspec.json.encode(line).decode()


def logging_config(level: str) -> dict[str, Any]:
    """Return how `logging` is set up in the server and in each worker.

    Parameters
    ----------
    level
        Least level that is written, of `LEVELS`.
    """
    handler = {
        "class": "logging.StreamHandler",
        "formatter": "json",
        "stream": "ext://sys.stderr",
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": FORMATTER}},
        "handlers": {"json": handler},
        "root": {"handlers": ["json"], "level": level.upper()},
        "loggers": {"_granian": {"propagate": True}},
    }


def _level(status: int) -> str:
    return "error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "info"


def _line(answered: Answered, epoch: float, release_id: str | None) -> RequestLine:
    ended_at, request_id, method, route, status, seconds, actor = answered
    return RequestLine(
        datetime.fromtimestamp(epoch + ended_at, UTC),
        _level(status),
        request_id,
        known_method(method),
        route,
        status,
        round(seconds * 1000, 3),
        None if actor is None else actor.name,
        release_id,
    )
