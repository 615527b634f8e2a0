"""A disk that takes no more: refused, and nothing is left behind."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.decisions.index import Index
from api.decisions.reader import Reader
from api.decisions.records import seal
from api.decisions.verify import verify
from api.decisions.writer import Writer
from api.errors import DecisionsUnavailableError
from tests.unit.api.decisions.conftest import decision


def only_log(folder: Path) -> Path:
    (path,) = folder.glob("*.jsonl")
    return path


@pytest.mark.parametrize(
    "failing", [["write"], ["fdatasync"], ["write", "ftruncate"], ["commit"]]
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: list[str]
) -> None:
    """A full disk: half a line is written, or the flush or the commit fails."""
    real_write = os.write

    def full(handle: int, data: bytes | int = b"") -> int:
        if isinstance(data, (bytes, memoryview)) and len(data) > 100:
            return real_write(handle, data[:100])
        raise OSError(28, "No space left on device")

    @contextmanager
    def full_at_the_end(index: Index) -> Iterator[None]:
        index._query("begin immediate")
        yield
        index._query("rollback")
        raise sqlite3.OperationalError("No space left on device")

    async def work() -> None:
        writer = Writer(tmp_path)
        writer.start()
        await writer.write(decision("1"))
        with monkeypatch.context() as patched:
            for name in failing:
                if name == "commit":
                    patched.setattr(Index, "transaction", full_at_the_end)
                else:
                    patched.setattr(os, name, full)
            for number in "23":
                refused = decision(number, key=number)
                with pytest.raises(DecisionsUnavailableError, match="No space left"):
                    await writer.write(refused)
                assert Reader(tmp_path).decision(refused.decision_id) is None
                if "ftruncate" not in failing:
                    assert only_log(tmp_path).read_bytes().count(b"{") == braces
        await writer.write(decision("4", key="2"))
        writer.stop()

    braces = seal(decision()).count(b"{")
    asyncio.run(work())
    assert str(verify(tmp_path)) == (
        "2 records in 1 logs, every chain is whole (0 torn last lines ignored)"
    )
    lines = only_log(tmp_path).read_bytes().splitlines()
    assert [json.loads(line)["customer_id"] for line in lines] == ["1", "4"]


def test_another_process_does_not_read_what_a_living_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines are there, as neither their flush nor the cut was possible."""

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    async def work() -> None:
        refusing, other = Writer(tmp_path), Writer(tmp_path)
        refusing.start()
        try:
            await refusing.write(decision("1"))
            refused = decision("2", key="k")
            with monkeypatch.context() as patched:
                patched.setattr(os, "fdatasync", broken)
                patched.setattr(os, "ftruncate", broken)
                with pytest.raises(DecisionsUnavailableError, match="Input/output"):
                    await refusing.write(refused)
            other.start()
            again = decision("2", key="k")
            assert await other.write(again) is again
            assert Reader(tmp_path).decision(refused.decision_id) is None
            await refusing.write(decision("3"))
        finally:
            refusing.stop()
            other.stop()

    asyncio.run(work())
    assert verify(tmp_path).records == 3
