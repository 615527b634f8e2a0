"""Killed, starved, crowded and fed with anything: what was answered is kept."""

import asyncio
import multiprocessing
import random
import resource
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from api.decisions import log
from api.decisions.records import DecisionRecord, Record, read
from api.decisions.verify import verify
from api.decisions.writer import Writer
from tests.hard import share_of
from tests.unit.api.decisions.conftest import decision, wait_until
from tests.unit.api.decisions.server import ApiServer

SIDE_BY_SIDE = 2
KILLS = SIDE_BY_SIDE * share_of(50)
CLIENTS = 8
SECONDS_TO_MEET = 120


def records_in(folder: Path) -> list[Record]:
    """Read all records of all logs; a torn last line is none."""
    records = []
    for writer in log.writers_in(folder):
        for _, line in log.read_lines(folder, writer):
            if line.endswith(b"\n"):
                records.append(read(line))
    return records


class Load:
    """Clients that ask for decisions until the server is gone.

    Attributes
    ----------
    answered
        Decision by idempotency key.
    doubtful
        Keys of requests whose answer was lost.
    """

    def __init__(self) -> None:
        self.answered: dict[str, str] = {}
        self.doubtful: list[str] = []
        self._next = iter(range(10_000_000))

    def put_on(self, server: ApiServer, seconds: float) -> None:
        """Load a server, and kill it after some seconds."""
        first = self.doubtful
        self.doubtful = []
        threads = [
            threading.Thread(target=self._ask, args=(server, first[n::CLIENTS]))
            for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        server.kill()
        for thread in threads:
            thread.join()

    def _ask(self, server: ApiServer, first: list[str]) -> None:
        connection = server.connect()
        keys = [*first]
        key = ""
        try:
            while True:
                key = keys.pop() if keys else f"key {next(self._next)}"
                customer = f"CustomerId_{int(key.split()[1]) % 300}"
                status, answer = server.decide(
                    connection, customer_id=customer, idempotency_key=key
                )
                assert status == 201
                self.answered[key] = answer["decision_id"]
        except (OSError, HTTPException):
            self.doubtful += [key, *keys]
        finally:
            connection.close()


def kill_and_restart(data_dir: Path, seed: int) -> int:
    """Kill servers of one data folder under load; return how many there were."""
    folder = data_dir / "decisions"
    draw = random.Random(seed)  # noqa: S311 (not a secret)
    load = Load()
    kills = KILLS // SIDE_BY_SIDE
    for _ in range(kills):
        server = ApiServer(data_dir, workers=draw.choice((1, 2)))
        load.put_on(server, draw.uniform(0.05, 0.6))
        verify(folder)
    server = ApiServer(data_dir)
    connection = server.connect()
    for key in load.doubtful:
        customer = f"CustomerId_{int(key.split()[1]) % 300}"
        status, answer = server.decide(
            connection, customer_id=customer, idempotency_key=key
        )
        assert status == 201
        load.answered[key] = answer["decision_id"]
    server.stop()
    found = [r.decision_id for r in records_in(folder) if isinstance(r, DecisionRecord)]
    # Every answered one is there, every key has one record, and no other exists.
    assert sorted(found) == sorted(load.answered.values())
    assert verify(folder).records == len(found) > kills
    return kills


@pytest.mark.hard
def test_no_answered_decision_is_lost_when_the_server_is_killed(
    published: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / str(number) for number in range(SIDE_BY_SIDE)]
    for folder in folders:
        folder.mkdir()
        (folder / "releases").symlink_to(published / "releases")
    with ThreadPoolExecutor() as pool:
        killed = pool.map(kill_and_restart, folders, range(SIDE_BY_SIDE))
        assert sum(killed) == KILLS


def test_a_full_disk_refuses_and_recovers(data_dir: Path) -> None:
    folder = data_dir / "decisions"
    server = ApiServer(data_dir)
    connection = server.connect()
    answered = []

    def decide(number: int) -> int:
        status, answer = server.decide(
            connection, customer_id=f"CustomerId_{number}", idempotency_key=f"k{number}"
        )
        if status == 201:
            answered.append(answer["decision_id"])
        else:
            assert "nothing was recorded" in answer["detail"].lower()
        return status

    assert decide(0) == 201
    largest = max(path.stat().st_size for path in folder.iterdir())
    server.limit_file_size(largest + 100_000)
    statuses = [decide(number) for number in range(1, 40)]
    assert set(statuses) == {201, 503}
    assert statuses[-1] == 503
    health = server.health(connection)
    assert health["status"] == "degraded"
    # The log's own error, or that of the index.
    assert health["recording_problem"] in {"File too large", "disk I/O error"}
    server.limit_file_size(resource.RLIM_INFINITY)
    wait_until(lambda: server.health(connection)["status"] == "ok")
    refused = [number for number, status in enumerate(statuses, 1) if status == 503]
    assert {decide(number) for number in refused} == {201}
    connection.close()
    server.stop()
    found = [r.decision_id for r in records_in(folder) if isinstance(r, DecisionRecord)]
    assert found == answered
    assert verify(folder).torn == 0


def meet_at(barrier: Barrier) -> None:
    """Take the place where the processes of a pool wait for each other."""
    global meeting
    meeting = barrier


def decide_with_all_keys(folder: Path, seed: int) -> dict[str, str]:
    """Write a decision under each key, in an order of one's own.

    Nobody goes on before all have written their first few: those differ, so more than
    one process writes, however busy the machine is.
    """
    keys = [f"key {number}" for number in range(60)]
    random.Random(seed).shuffle(keys)  # noqa: S311 (not a secret)

    async def work() -> list[Record]:
        writer = Writer(folder)
        writer.start()
        try:
            answers = []
            for start in range(0, len(keys), 4):
                some = [decision(key, key=key) for key in keys[start : start + 4]]
                answers += await asyncio.gather(*map(writer.write, some))
                if start == 0:
                    meeting.wait(SECONDS_TO_MEET)
            return answers
        finally:
            writer.stop()

    found = dict(zip(keys, asyncio.run(work()), strict=True))
    return {key: record.record_hash for key, record in found.items()}


def test_eight_processes_at_once_make_one_decision_per_key(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    with spawning.Pool(8, meet_at, [spawning.Barrier(8)]) as pool:
        answers = pool.starmap(
            decide_with_all_keys, [(tmp_path, seed) for seed in range(8)], chunksize=1
        )
    assert all(answer == answers[0] for answer in answers)
    assert sorted(r.record_hash for r in records_in(tmp_path)) == sorted(
        answers[0].values()
    )
    writers = defaultdict(int)
    for record in records_in(tmp_path):
        writers[record.writer] += 1
    assert len(writers) > 1, "the processes did not meet"
    assert verify(tmp_path).records == 60
