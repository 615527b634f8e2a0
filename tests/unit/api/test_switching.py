"""A release is switched under load: nothing fails, and no answer mixes two."""

import asyncio
import json
import re
import shutil
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.release_store import ReleaseStore
from api.settings import Settings
from release.layout import point_to
from tests.hard import share_of
from tests.unit.api.conftest import JSON, Client, write_manifest
from tests.unit.api.decisions.server import ApiServer

SECONDS_TO_SWITCH = 2.0
MOST_SECONDS = 20.0
WORKERS = 2
# One connection to each worker watches; the others ask.
CONNECTIONS_TO_A_WORKER = 3
MOST_CONNECTIONS = 200
SWITCHES = [3, pytest.param(share_of(200), marks=pytest.mark.hard)]
# Ten times what is looked up at once.
BATCH = [f"CustomerId_{number % 300}" for number in range(2_560)]
CUSTOMER = BATCH[0]
ASKED = (
    ("GET", f"/customers/{CUSTOMER}/score", None, 200),
    ("POST", "/scores", {"customer_ids": BATCH}, 200),
    ("POST", "/decisions", {"customer_id": CUSTOMER}, 201),
)


class Known(NamedTuple):
    """What a release that serves alone answers: its model, and every score."""

    model_version: str
    scores: dict[str, float | None]


@pytest.fixture
def two_releases(release_copy: Path) -> tuple[Path, Path]:
    """Give two releases that score every customer differently; CURRENT is the first."""
    second = release_copy.with_name(f"{release_copy.name}2")
    shutil.copytree(release_copy, second)
    path = second / "scorecard.json"
    document = json.loads(path.read_bytes())
    for row in document["points"]:
        row["points"] += 1.0
    document["model"]["model_version"] = "f" * 12
    path.write_text(json.dumps(document))
    write_manifest(second, release_id=second.name, model_version="f" * 12)
    return release_copy, second


@pytest.fixture
def served(two_releases: tuple[Path, Path]) -> Iterator[Client]:
    """Serve the first of the two."""
    settings = Settings(data_dir=two_releases[0].parents[1])
    with TestClient(create_app(settings)) as client:
        yield client


def wait_for(client: Client, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask for the health until it is as expected."""
    deadline = time.monotonic() + MOST_SECONDS
    while not is_so(health := client.get("/health").json()):
        assert time.monotonic() < deadline, health
        time.sleep(0.01)
    return health


def serves(folder: Path) -> Callable[[dict[str, Any]], bool]:
    return lambda health: health["release_id"] == folder.name


def known_of(folder: Path) -> Known:
    point_to(folder.parent, folder.name)
    with TestClient(create_app(Settings(data_dir=folder.parents[1]))) as client:
        answer = client.post("/scores", json={"customer_ids": BATCH}).json()
    assert answer["release_id"] == folder.name
    scores = {one["customer_id"]: one["score"] for one in answer["scores"]}
    return Known(answer["model_version"], scores)


def connections_by_worker(server: ApiServer) -> list[list[HTTPConnection]]:
    """Open the same number of connections to each worker; each stays with its own."""
    found: dict[str, list[HTTPConnection]] = defaultdict(list)
    for _ in range(MOST_CONNECTIONS):
        connection = server.connect()
        connection.request("GET", "/metrics")
        told = re.search(r'worker="(\d+)"', connection.getresponse().read().decode())
        assert told
        mine = found[told[1]]
        if len(mine) < CONNECTIONS_TO_A_WORKER:
            mine.append(connection)
        else:
            connection.close()
        if sum(map(len, found.values())) == WORKERS * CONNECTIONS_TO_A_WORKER:
            return [*found.values()]
    pytest.fail(f"{len(found)} workers answer")


class Asker(threading.Thread):
    """Asks for a score, a batch and a decision, again and again.

    Attributes
    ----------
    answers
        Number of answers by path and release.
    failures
        What was no answer of one release.
    """

    def __init__(self, connection: HTTPConnection, known: dict[str, Known]) -> None:
        super().__init__()
        self._connection = connection
        self._known = known
        self._is_over = threading.Event()
        self.answers: Counter[tuple[str, str]] = Counter()
        self.failures: list[str] = []

    def run(self) -> None:
        """Ask until it is over, or something fails."""
        while not (self._is_over.is_set() or self.failures):
            for method, path, body, status in ASKED:
                content = None if body is None else json.dumps(body)
                self._connection.request(method, path, content, JSON)
                answer = self._connection.getresponse()
                text = answer.read().decode()
                if answer.status != status:
                    self.failures.append(text)
                    return
                self._check(path, json.loads(text))

    def end(self) -> None:
        """Ask no more."""
        self._is_over.set()
        self.join()

    def _check(self, path: str, found: dict[str, Any]) -> None:
        known = self._known[found["release_id"]]
        self.answers[path, found["release_id"]] += 1
        scores = found.get("scores", [found])
        asked = BATCH if path == "/scores" else [CUSTOMER]
        if found["model_version"] != known.model_version or [
            (one["customer_id"], one["score"]) for one in scores
        ] != [(customer_id, known.scores[customer_id]) for customer_id in asked]:
            self.failures.append(f"{path} is no answer of {found['release_id']} alone")


def seconds_to_switch(watched: list[HTTPConnection], folder: Path) -> float:
    """Return after how long no worker answers from another release any more."""
    pointed_at = asked_at = time.monotonic()
    point_to(folder.parent, folder.name)
    for watching in watched:
        while ApiServer.health(watching)["release_id"] != folder.name:
            assert asked_at - pointed_at <= MOST_SECONDS
            time.sleep(0.01)
            asked_at = time.monotonic()
    return asked_at - pointed_at


def switch_under_load(
    server: ApiServer, folders: list[Path], known: dict[str, Known]
) -> Counter[tuple[str, str]]:
    """Return how often each path was answered from each release."""
    by_worker = connections_by_worker(server)
    watched = [watching for watching, *_ in by_worker]
    askers = [Asker(one, known) for _, *asking in by_worker for one in asking]
    for asker in askers:
        asker.start()
    try:
        seconds = [seconds_to_switch(watched, folder) for folder in folders]
    finally:
        for asker in askers:
            asker.end()
    assert [failure for asker in askers for failure in asker.failures] == []
    # Others may take both cores for a while.
    assert median(seconds) <= SECONDS_TO_SWITCH
    return sum((asker.answers for asker in askers), Counter())


@pytest.mark.parametrize("switches", SWITCHES)
def test_switches_under_load(two_releases: tuple[Path, Path], switches: int) -> None:
    first, second = two_releases
    known = {folder.name: known_of(folder) for folder in (second, first)}
    assert known[first.name].scores[CUSTOMER] != known[second.name].scores[CUSTOMER]
    server = ApiServer(first.parents[1], workers=WORKERS)
    try:
        folders = [(second, first)[turn % 2] for turn in range(switches)]
        answers = switch_under_load(server, folders, known)
    finally:
        server.stop()
    assert answers.keys() == {(path, name) for _, path, *_ in ASKED for name in known}


def test_a_corrupt_release_is_refused_and_the_old_serves(
    served: Client, two_releases: tuple[Path, Path]
) -> None:
    good, bad = two_releases
    (bad / "scorecard.json").unlink()
    point_to(bad.parent, bad.name)
    health = wait_for(served, lambda health: health["status"] == "degraded")
    assert health["release_id"] == good.name
    assert "scorecard.json is not the file" in health["problem"]
    answer = served.get("/customers/CustomerId_0/score")
    assert (answer.status_code, answer.json()["release_id"]) == (200, good.name)
    point_to(good.parent, good.name)
    assert wait_for(served, lambda health: health["status"] == "ok")


def test_a_release_that_could_not_be_opened_is_tried_again(
    served: Client, two_releases: tuple[Path, Path]
) -> None:
    folder = two_releases[1]
    away = folder.with_name("away")
    (folder / "scorecard.json").rename(away)
    point_to(folder.parent, folder.name)
    wait_for(served, lambda health: health["status"] == "degraded")
    away.rename(folder / "scorecard.json")
    assert wait_for(served, serves(folder))["status"] == "ok"


def test_the_first_release_is_picked_up(
    two_releases: tuple[Path, Path], tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    (empty / "releases").mkdir(parents=True)
    with TestClient(create_app(Settings(data_dir=empty))) as client:
        assert client.get("/ready").status_code == 503
        folder = two_releases[0]
        shutil.copytree(folder, empty / "releases" / folder.name)
        point_to(empty / "releases", folder.name)
        wait_for(client, serves(folder))
        assert client.get("/ready").status_code == 200


def test_a_cancelled_request_leaves_the_others_their_release(
    two_releases: tuple[Path, Path],
) -> None:
    first, second = two_releases
    store = ReleaseStore(first.parent)
    store.load()
    ids = [f"CustomerId_{number % 300}" for number in range(10_000)]

    async def ask_for_all() -> int:
        with store.lease() as release:
            return len(await release.find_many(ids))

    async def cancel_meanwhile() -> int:
        leaving, staying = (asyncio.create_task(ask_for_all()) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        point_to(second.parent, second.name)
        store.load()
        return await staying

    assert asyncio.run(cancel_meanwhile()) == 300
    store.close()
