"""Lines reach the stream whole, and a stuck reader holds up nobody."""

import asyncio
import io
import json
import logging
import logging.config
import threading
from datetime import UTC, datetime

import pytest

from api.observability import logs
from api.observability.logs import JsonFormatter, RequestLine, RequestLog

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def line_of(status: int) -> RequestLine:
    return RequestLine(
        MOMENT, logs.level_of(status), "ab" * 8, "GET", "/x", status, 1.0, None, None
    )


class StuckStream(io.BytesIO):
    """Takes nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()

    def write(self, content: object) -> int:
        """Wait, then write."""
        self.may_go_on.wait(10)
        return super().write(content)  # type: ignore[arg-type]


def add_all(log: RequestLog, lines: list[RequestLine]) -> None:
    async def run() -> None:
        for line in lines:
            log.add(line)

    asyncio.run(run())


def test_lines_are_written_in_order_and_whole() -> None:
    stream = io.BytesIO()
    log = RequestLog(stream, level="info")
    add_all(log, [line_of(status) for status in range(200, 300)])
    log.close()
    written = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["status"] for line in written] == [*range(200, 300)]
    assert log.dropped == 0


@pytest.mark.parametrize("level", ["warning", "error"])
def test_above_info_only_errors_are_written(level: str) -> None:
    stream = io.BytesIO()
    log = RequestLog(stream, level=level)
    add_all(log, [line_of(200), line_of(404), line_of(503)])
    log.close()
    assert [json.loads(line)["status"] for line in stream.getvalue().splitlines()] == [
        503
    ]


def test_lines_come_without_being_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SECONDS_BETWEEN_WRITES", 0.0)
    stream = io.BytesIO()
    log = RequestLog(stream, level="info")

    async def run() -> None:
        log.add(line_of(200))
        while not stream.getvalue():
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(run(), 5))


def test_a_stuck_reader_loses_lines_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logs, "SECONDS_BETWEEN_WRITES", 0.0)
    monkeypatch.setattr(logs, "MOST_BATCHES_WAITING", 2)
    stream = StuckStream()
    log = RequestLog(stream, level="info")

    async def run() -> None:
        for _ in range(20):
            log.add(line_of(200))
            await asyncio.sleep(0.001)

    asyncio.run(run())
    stream.may_go_on.set()
    log.close()
    written = len(stream.getvalue().splitlines())
    assert log.dropped > 0
    assert written + log.dropped == 20


def test_a_closed_stream_is_counted_not_raised() -> None:
    stream = io.BytesIO()
    stream.close()
    log = RequestLog(stream, level="info")
    add_all(log, [line_of(200)])
    log.close()
    assert log.dropped == 1


def test_a_record_names_the_type_of_an_exception_not_its_text() -> None:
    try:
        message = "Secret_77"
        raise RuntimeError(message)
    except RuntimeError as error:
        record = logging.makeLogRecord(
            {
                "name": "_granian",
                "msg": "failed",
                "levelname": "ERROR",
                "exc_info": (type(error), error, error.__traceback__),
            }
        )
    line = json.loads(JsonFormatter().format(record))
    assert "Secret_77" not in json.dumps(line)
    assert line["exception"] == "RuntimeError"
    assert (line["event"], line["level"]) == ("granian", "error")
