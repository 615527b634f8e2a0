"""A disk that takes no more: refused, and nothing is left behind."""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.decisions import log
from api.decisions.index import Index
from api.decisions.index_states import read_states
from api.decisions.reader import Reader
from api.decisions.records import seal
from api.decisions.verify import verify
from api.decisions.writer import Writer
from api.errors import DecisionsUnavailableError
from api.settings import Settings
from tests.unit.api.conftest import Client
from tests.unit.api.decisions.conftest import decision, wait_until


def only_log(folder: Path) -> Path:
    (path,) = folder.glob("*.jsonl")
    return path


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


@contextmanager
def full_at_the_end(index: Index) -> Iterator[None]:
    index._query("begin immediate")
    yield
    index._query("rollback")
    raise sqlite3.OperationalError("No space left on device")


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
                assert writer.recording.problem == "No space left on device"
        assert writer.recording.refused == 2
        await writer.write(decision("4", key="2"))
        assert writer.recording.problem is None
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


def test_what_is_neither_written_nor_cut_is_said_to_be_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends before it can cut: the next reads what is there."""

    async def work() -> None:
        ending, next_one = Writer(tmp_path), Writer(tmp_path)
        ending.start()
        await ending.write(decision("1"))
        left = decision("2", key="k")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fdatasync", full_disk)
            with pytest.raises(DecisionsUnavailableError, match="Nothing was recorded"):
                await ending.write(decision("2", key="k"))
            patched.setattr(os, "ftruncate", full_disk)
            with pytest.raises(DecisionsUnavailableError, match="may have been"):
                await ending.write(left)
            ending.stop()
        next_one.start()
        answer = await next_one.write(decision("2", key="k"))
        assert answer.decision_id == left.decision_id
        next_one.stop()

    asyncio.run(work())
    assert verify(tmp_path).records == 2


def test_it_is_known_to_fail_and_to_work_again_without_a_decision(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.decisions.writer.SECONDS_TO_RETRY", 0.01)
    folder = data_dir / "decisions"

    def fares(client: Client) -> tuple[str, str | None]:
        health = client.get("/health").json()
        return health["status"], health["recording_problem"]

    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        assert fares(client) == ("ok", None)
        folder.touch()
        refused = client.post("/decisions", json={"customer_id": "CustomerId_0"})
        assert refused.status_code == 503
        assert fares(client) == ("degraded", "File exists")
        folder.unlink()
        wait_until(lambda: fares(client) == ("ok", None))
        size = only_log(folder).stat().st_size
        with monkeypatch.context() as patched:
            patched.setattr(os, "fdatasync", full_disk)
            refused = client.post("/decisions", json={"customer_id": "CustomerId_0"})
            assert refused.status_code == 503
            assert fares(client) == ("degraded", "No space left on device")
        wait_until(lambda: fares(client) == ("ok", None))
        assert (size, only_log(folder).stat().st_size) == (0, 0)
        decided = client.post("/decisions", json={"customer_id": "CustomerId_0"})
        assert decided.status_code == 201
    assert (verify(folder).records, verify(folder).torn) == (1, 0)


def test_a_folder_that_cannot_be_written_is_known_before_the_first_decision(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.decisions.writer.SECONDS_TO_RETRY", 0.01)
    lock = data_dir / "decisions" / ".lock"
    lock.mkdir(parents=True)
    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        health = client.get("/health").json()
        assert health["recording_problem"] == "Is a directory"
        lock.rmdir()
        wait_until(lambda: client.get("/health").json()["status"] == "ok")
        assert client.get("/ready").status_code == 200


def test_a_log_that_cannot_be_begun_is_not_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried every second, it would fill the folder and the index."""

    async def work() -> None:
        writer = Writer(tmp_path)
        writer.start()
        for patch in (
            (Index, "transaction", full_at_the_end),
            (log, "flush_folder", full_disk),
        ):
            with monkeypatch.context() as patched:
                patched.setattr(*patch)
                with pytest.raises(DecisionsUnavailableError, match="No space left"):
                    await writer.write(decision())
            assert not [*tmp_path.glob("*.jsonl")]
        await writer.write(decision())
        writer.stop()

    asyncio.run(work())
    states = read_states(tmp_path / "index.sqlite")
    assert states is not None
    assert len(states.of_logs) == 1
