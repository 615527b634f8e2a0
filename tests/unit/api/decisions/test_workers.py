"""Several processes that answer as one server."""

import os
import random
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from api.decisions.verify import verify
from tests.unit.api.decisions.conftest import wait_until
from tests.unit.api.decisions.server import ApiServer
from tests.unit.api.test_server import free_port

NO_WORKER_STARTS = """
import os
from api import server, worker
from api.settings import Settings

def application():
    raise ValueError("this worker cannot start")

worker.application = application
server.serve(Settings.from_environment(os.environ))
"""


def worker_met(server: ApiServer) -> bytes:
    """Ask by a connection of its own; return which process answered."""
    connection = server.connect()
    connection.request("GET", "/metrics")
    found = re.search(rb'worker="(\d+)"', connection.getresponse().read())
    connection.close()
    assert found
    return found[1]


@pytest.mark.hard
def test_eight_workers_make_one_decision_per_key(data_dir: Path) -> None:
    """Half of the clients ask for another customer under the same keys."""
    server = ApiServer(data_dir, workers=8)
    # The first that answers would have answered all before the others had started.
    first = worker_met(server)
    wait_until(lambda: worker_met(server) != first)
    keys = [f"key {number}" for number in range(40)]

    def decide_all(client: int) -> dict[str, tuple[int, str | None]]:
        asked = keys.copy()
        random.Random(client).shuffle(asked)  # noqa: S311 (not a secret)
        found = {}
        for key in asked:
            # Another connection each time, so that it meets other workers.
            connection = server.connect()
            customer = f"CustomerId_{client % 2}"
            status, answer = server.decide(
                connection, customer_id=customer, idempotency_key=key
            )
            connection.close()
            found[key] = status, answer.get("decision_id")
        return found

    with ThreadPoolExecutor(16) as pool:
        clients = list(pool.map(decide_all, range(16)))
    server.stop()
    for key in keys:
        answers = [found[key] for found in clients]
        decided = {parity for parity in (0, 1) if answers[parity][0] == 201}
        assert len(decided) == 1, "one customer has the key, the other none"
        (winner,) = decided
        assert len(set(answers[winner::2])) == 1
        assert {*answers[1 - winner :: 2]} == {(409, None)}
    found = verify(data_dir / "decisions")
    assert found.records == len(keys)
    assert found.logs > 1, "one worker answered them all"


def test_a_worker_that_is_killed_is_replaced(data_dir: Path) -> None:
    server = ApiServer(data_dir, workers=2)
    first = {*server.workers()}
    for number, killed in enumerate(first, 1):
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda number=number: len({*server.workers()} - first) == number)

    def decides() -> bool:
        connection = server.connect()
        try:
            return server.decide(connection, customer_id="CustomerId_0")[0] == 201
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    wait_until(decides)
    server.kill()
    assert verify(data_dir / "decisions").records == 1


def test_a_worker_that_cannot_start_ends_the_server(data_dir: Path) -> None:
    here = {"DATA_DIR": str(data_dir), "PORT": str(free_port())}
    finished = subprocess.run(
        [sys.executable, "-c", NO_WORKER_STARTS],
        env=os.environ | here,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 1
    said = finished.stdout + finished.stderr
    assert "this worker cannot start" in said
    assert "crash loop" in said
