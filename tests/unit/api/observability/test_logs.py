"""Lines reach the stream whole, and a stuck reader holds up nobody."""

import io
import json
import logging
import logging.config
import threading
from datetime import UTC, datetime

import pytest

from api.observability import logs
from api.observability.logs import Answered, JsonFormatter, RequestLog

EPOCH = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp()


def answered(status: int) -> Answered:
    return (0.5, "ab" * 8, "GET", "/x", status, 0.0012345, None)


def add_all(log: RequestLog, *statuses: int) -> None:
    log.add([answered(one) for one in statuses], epoch=EPOCH, release_id="r")


class StuckStream(io.BytesIO):
    """Takes nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()

    def write(self, content: object) -> int:
        """Wait, then write."""
        self.may_go_on.wait(10)
        return super().write(content)  # type: ignore[arg-type]


def test_lines_are_written_in_order_and_whole() -> None:
    stream = io.BytesIO()
    log = RequestLog(stream, level="info")
    add_all(log, *range(200, 250))
    add_all(log, *range(250, 300))
    log.close()
    written = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["status"] for line in written] == [*range(200, 300)]
    assert written[0]["time"] == "2026-11-24T12:00:00.500000Z"
    assert (written[0]["duration_ms"], written[0]["release_id"]) == (1.234, "r")
    assert log.dropped == 0


@pytest.mark.parametrize("level", ["warning", "error"])
def test_above_info_only_errors_are_written(level: str) -> None:
    stream = io.BytesIO()
    log = RequestLog(stream, level=level)
    add_all(log, 200, 404, 503)
    add_all(log, 200)
    log.close()
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["status"] == 503


def test_a_stuck_reader_loses_lines_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logs, "MOST_BATCHES_WAITING", 2)
    stream = StuckStream()
    log = RequestLog(stream, level="info")
    for _ in range(20):
        add_all(log, 200)
    stream.may_go_on.set()
    log.close()
    written = len(stream.getvalue().splitlines())
    assert log.dropped > 0
    assert written + log.dropped == 20


def test_a_closed_stream_is_counted_not_raised() -> None:
    stream = io.BytesIO()
    stream.close()
    log = RequestLog(stream, level="info")
    add_all(log, 200)
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
