"""A caller who waits no longer: what was not begun is not written."""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.decisions.verify import verify
from api.decisions.writer import LOCK_FILE, Writer
from api.observability.metrics import DECISIONS
from api.settings import Settings
from tests.unit.api.conftest import Client
from tests.unit.api.decisions.conftest import decision, write_all


@contextmanager
def nobody_can_write(folder: Path) -> Iterator[None]:
    """Hold the lock that every writer waits for."""
    folder.mkdir(exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_what_nobody_waits_for_is_not_written(tmp_path: Path) -> None:
    async def work() -> None:
        writer = Writer(tmp_path)
        writer.start()
        try:
            with nobody_can_write(tmp_path):
                left = asyncio.create_task(writer.write(decision("left")))
                waits = asyncio.create_task(writer.write(decision("waits")))
                await asyncio.sleep(0)
                left.cancel()
                await asyncio.wait([left])
            await waits
        finally:
            writer.stop()

    asyncio.run(work())
    assert verify(tmp_path).records == 1


def test_a_record_is_counted_when_it_is_made(tmp_path: Path) -> None:
    """Not when it is asked for, and once however often its key is sent."""
    before = DECISIONS["refer"]
    write_all(tmp_path, [decision(key="k"), decision(key="k"), decision()])
    write_all(tmp_path, [decision(key="k")])
    assert DECISIONS["refer"] == before + 2


@pytest.fixture
def hurried(data_dir: Path) -> Iterator[Client]:
    """Give a client that waits for one second."""
    settings = Settings(data_dir=data_dir, request_timeout_seconds=1)
    with TestClient(create_app(settings)) as opened:
        yield opened


def test_a_decision_that_times_out_may_be_asked_for_again(
    hurried: Client, data_dir: Path
) -> None:
    asked = {"customer_id": "CustomerId_1", "idempotency_key": "k"}
    folder = data_dir / "decisions"
    with nobody_can_write(folder):
        answer = hurried.post("/decisions", json=asked)
    assert answer.status_code == 503
    assert answer.json()["detail"].endswith(
        "It may have been recorded; ask again with the same idempotency_key."
    )
    assert hurried.post("/decisions", json=asked).status_code == 201
    assert verify(folder).records == 1


def test_a_review_that_times_out_says_where_to_look(
    hurried: Client, data_dir: Path
) -> None:
    told = hurried.post("/decisions", json={"customer_id": "CustomerId_1"}).json()
    path = f"/decisions/{told['decision_id']}"
    asked = {"outcome": "approve", "reason": "called", "author": "A. Officer"}
    with nobody_can_write(data_dir / "decisions"):
        answer = hurried.post(f"{path}/review", json=asked)
    assert answer.status_code == 503
    assert "It may have been recorded; GET /decisions/" in answer.json()["detail"]
    assert hurried.get(path).json()["reviews"] == []


def test_both_answers_are_documented(hurried: Client) -> None:
    paths = hurried.get("/docs/openapi.json").json()["paths"]
    for path in ("/decisions", "/decisions/{decision_id}/review"):
        text = paths[path]["post"]["responses"]["503"]["description"]
        assert "It may have been recorded" in text
        assert "No answer in time" in text
