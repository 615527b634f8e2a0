"""A clock that jumps ahead falsifies no time but those it told."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.decisions.index import Index
from api.decisions.records import Record
from api.decisions.verify import verify
from api.decisions.writer import MOST_AHEAD, Writer
from tests.unit.api.decisions.conftest import NOON, decision, review

SECOND = timedelta(seconds=1)
FAR = datetime(2099, 1, 1, tzinfo=UTC)


def write_at(folder: Path, moments: list[datetime], records: list[Record]) -> None:
    """Write each record by itself when the clock says so, by one writer."""
    clock = {"now": NOON}

    async def write() -> None:
        writer = Writer(folder, lambda: clock["now"])
        writer.start()
        try:
            for clock["now"], record in zip(moments, records, strict=True):
                await writer.write(record)
        finally:
            writer.stop()

    asyncio.run(write())


def test_after_a_jump_ahead_another_log_tells_the_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records: list[Record] = [decision(key=str(number)) for number in range(4)]
    moments = [NOON, FAR, NOON + SECOND, NOON + 2 * SECOND]
    write_at(tmp_path, moments, records)
    assert [record.recorded_at[:19] for record in records] == [
        "2026-11-24T12:00:00",
        "2099-01-01T00:00:00",
        "2026-11-24T12:00:01",
        "2026-11-24T12:00:02",
    ]
    assert [record.sequence for record in records] == [1, 2, 1, 2]
    assert "the clock is" in caplog.text
    assert (verify(tmp_path).logs, verify(tmp_path).records) == (2, 4)
    assert [writer for _, writer, _ in Index(tmp_path)._open_logs()] == [
        records[2].writer
    ]
    again = decision(key="1")
    write_at(tmp_path, [NOON], [again])
    assert verify(tmp_path).records == 4


def test_a_clock_that_is_set_back_a_little_keeps_its_log(tmp_path: Path) -> None:
    records: list[Record] = [decision() for _ in range(3)]
    write_at(tmp_path, [NOON, NOON - MOST_AHEAD, NOON - SECOND], records)
    assert [record.sequence for record in records] == [1, 2, 3]
    assert (verify(tmp_path).logs, verify(tmp_path).records) == (1, 3)


def test_a_review_of_a_record_of_the_future_is_later_still(tmp_path: Path) -> None:
    first = decision()
    of_first = review(first.decision_id)
    last = decision()
    write_at(tmp_path, [FAR, NOON, NOON + SECOND], [first, of_first, last])
    assert of_first.recorded_at > first.recorded_at
    assert last.recorded_at == "2026-11-24T12:00:01.000000Z"
    assert verify(tmp_path).records == 3
