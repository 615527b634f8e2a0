"""A folder for logs, records to write into it, and a client that decides."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.decisions.batch import Clock, utc_now
from api.decisions.records import DecisionRecord, Record, ReviewRecord
from api.decisions.writer import Writer
from api.schemas.scores import Reason
from api.settings import Settings
from tests.unit.api.conftest import Client

SECONDS_TO_WAIT = 30
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def data_dir(published: Path, tmp_path: Path) -> Path:
    """Give a data folder with the published release and without decisions."""
    (tmp_path / "releases").symlink_to(published / "releases")
    return tmp_path


@pytest.fixture
def deciding(data_dir: Path) -> Iterator[Client]:
    """Give a client whose decisions are in `data_dir`."""
    with TestClient(create_app(Settings(data_dir=data_dir))) as opened:
        yield opened


def decision(
    customer_id: str = "c", *, key: str | None = None, action: str = "refer"
) -> DecisionRecord:
    """Make a record by hand."""
    return DecisionRecord(
        actor="checkout",
        decision_id=str(uuid.uuid4()),
        customer_id=customer_id,
        amount=0.1 + 0.2,
        idempotency_key_hash=key,
        release_id="r",
        manifest_hash="m",
        model_version="v",
        snapshot_date="2019-02-14",
        snapshot_age_days=3,
        target="high risk",
        data="raw",
        disclaimer=None,
        status="scored",
        not_scored_reason=None,
        features={"recency_days": 0.1 + 0.2, "main_channel": "channel_1"},
        points={"recency_days": 1e-17},
        score=500.1,
        score_shown=500,
        proxy_probability=0.1,
        grade="C",
        action=action,
        reasons=[Reason("R01", "Recent use", 0.1 + 0.2)],
        reason_reference="training_mean",
        wording_version="w",
    )


def review(decision_id: str, outcome: str = "approve") -> ReviewRecord:
    """Make a review by hand."""
    return ReviewRecord(
        actor="desk",
        review_id=str(uuid.uuid4()),
        decision_id=decision_id,
        author="A. Officer",
        outcome="approve" if outcome == "approve" else "decline",
        reason="called",
    )


def write_all(
    folder: Path, records: Sequence[Record], clock: Clock = utc_now
) -> list[Record]:
    """Write records at one moment, by a writer of its own."""

    async def write() -> list[Record]:
        writer = Writer(folder, clock)
        writer.start()
        try:
            return list(await asyncio.gather(*map(writer.write, records)))
        finally:
            writer.stop()

    return asyncio.run(write())


def wait_until(is_so: Callable[[], bool]) -> None:
    """Ask until it is so; fail when it takes too long."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not is_so():
        assert time.monotonic() < deadline, "it does not become so"


def ticking(start: datetime, step: timedelta) -> Clock:
    """Give a clock that moves by `step` each time it is read."""
    times = iter(range(1_000_000))
    return lambda: start + step * next(times)
