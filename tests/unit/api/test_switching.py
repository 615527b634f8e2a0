"""A release is switched under load: nothing fails, and no answer mixes two."""

import asyncio
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.release_store import ReleaseStore
from api.settings import Settings
from release.layout import point_to
from tests.unit.api.conftest import Client, write_manifest

SECONDS_TO_SWITCH = 2.0
# The askers are threads of the server's own process: what they see comes later.
MOST_SECONDS = 20.0
ASKERS = 4


class Pickups:
    """When the server began its first answer from each release that it changed to."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 (an application)
        self._store: ReleaseStore = app.state.store
        self._serving = self._release_id()
        self.times: list[float] = []
        self._handler, app.asgi_handler = app.asgi_handler, self

    def _release_id(self) -> str | None:
        loaded = self._store.loaded
        return loaded and loaded.manifest.release_id

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
        """Answer, and look which release is served."""
        if self._release_id() != self._serving:
            self._serving = self._release_id()
            self.times.append(time.monotonic())
        await self._handler(scope, receive, send)


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


def switch_under_load(
    client: Client, releases: tuple[Path, Path], switches: int
) -> set[tuple[str, str, float]]:
    """Return who answered, with which model and score, while releases changed."""
    seen: set[tuple[str, str, float]] = set()
    failures: list[str] = []
    pointed: list[float] = []
    pickups = Pickups(client.app)
    is_over = threading.Event()

    def ask() -> None:
        body = {"customer_ids": [f"CustomerId_{number}" for number in range(300)]}
        while not is_over.is_set():
            for answer, status in (
                (client.get("/customers/CustomerId_0/score"), 200),
                (client.post("/scores", json=body), 200),
                (client.post("/decisions", json={"customer_id": "CustomerId_0"}), 201),
            ):
                if answer.status_code != status:
                    failures.append(answer.text)
                    return
                found = answer.json()
                first = found.get("scores", [found])[0]
                stamp = (found["release_id"], found["model_version"])
                seen.add((*stamp, first["score"]))

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        for turn in range(1, switches + 1):
            folder = releases[turn % 2]
            pointed.append(time.monotonic())
            point_to(folder.parent, folder.name)
            wait_for(client, serves(folder))
    finally:
        is_over.set()
        for asker in askers:
            asker.join()
    assert failures == []
    seconds = [took - at for at, took in zip(pointed, pickups.times, strict=True)]
    # As the server sees it: from CURRENT replaced to the new release's first answer.
    assert max(seconds) <= SECONDS_TO_SWITCH
    return seen


def check_switches(client: Client, releases: tuple[Path, Path], switches: int) -> None:
    seen = switch_under_load(client, releases, switches)
    # One score of each release, with its own model version: no answer mixes them.
    assert len(seen) == 2
    assert {release_id for release_id, _, _ in seen} == {f.name for f in releases}
    assert len({version for _, version, _ in seen}) == 2
    assert len({score for _, _, score in seen}) == 2


def test_switches_under_load(served: Client, two_releases: tuple[Path, Path]) -> None:
    check_switches(served, two_releases, switches=3)


@pytest.mark.hard
def test_two_hundred_switches_under_load(
    served: Client, two_releases: tuple[Path, Path]
) -> None:
    check_switches(served, two_releases, switches=200)


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
