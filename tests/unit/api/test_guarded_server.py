"""The real server with keys: who gets in, and what its log keeps to itself."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.access.actor import Role
from tests.unit.api.access.key_clients import add_key, requests_of
from tests.unit.api.test_server import free_port, run_api, wait_until_it_answers

SECONDS_TO_NOTICE = 2.0
CUSTOMER = "CustomerId_0"
NOBODY = "Nobody_8765"
SCORE = f"/customers/{CUSTOMER}/score"


class Server:
    """A running server, its keys by role, and its log."""

    def __init__(self, folder: Path, published: Path) -> None:
        self.keys_file = folder / "access" / "api_keys.json"
        self.keys = {
            role: add_key(self.keys_file, f"{role} desk", [role]) for role in Role
        }
        self.log = folder / "log"
        self.port = free_port()
        self.environment = {
            "API_KEYS_FILE": str(self.keys_file),
            "DATA_DIR": str(published),
            "DECISIONS_DIR": str(folder / "decisions"),
            "HOST": "0.0.0.0",  # noqa: S104 (that it may is what is tested)
            "PORT": str(self.port),
        }

    def client(self, key: str | None = None) -> httpx.Client:
        """Return a client with a key or without."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers)

    def logged(self, request_id: str) -> list[dict[str, Any]]:
        """Wait for the line of a request; return all lines of the log."""
        deadline = time.monotonic() + 10
        while request_id not in self.log.read_text():
            assert time.monotonic() < deadline, "the request is not logged"
            time.sleep(0.02)
        text = self.log.read_text()
        return [json.loads(line) for line in text.splitlines() if line[0] == "{"]


@pytest.fixture(scope="module")
def server(
    published: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("guarded"), published)
    with made.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api"],
            env=os.environ | made.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_it_answers(made.port, process)
            yield made
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def test_the_start_says_who_is_let_in(server: Server) -> None:
    told = server.log.read_text().splitlines()
    assert told[1] == f"asks for an API key: 4 in use, in {server.keys_file}"


def test_the_log_holds_neither_customers_nor_keys(server: Server) -> None:
    secrets = {CUSTOMER, NOBODY, *(key[-43:] for key in server.keys.values())}
    with server.client() as anybody:
        requests = requests_of(anybody.get("/docs/openapi.json").json(), CUSTOMER)
    for key in (*server.keys.values(), None, "bati_00000000_" + "x" * 43):
        with server.client(key) as client:
            for request in requests:
                for identifier in (CUSTOMER, NOBODY):
                    client.request(
                        request.method,
                        request.path.replace(CUSTOMER, identifier),
                        params={"customer_id": identifier, "api_key": key},
                        headers={"X-Request-ID": identifier},
                        json={"customer_id": identifier, "customer_ids": [identifier]},
                    )
    key = server.keys[Role.ADMIN]
    with server.client(key) as client:
        for path in (f"/{key}", f"/{CUSTOMER}", f"/health/{CUSTOMER}", f"/docs/{key}"):
            client.get(path)
        client.request(CUSTOMER, f"/customers/{CUSTOMER}/score")
        client.get(SCORE, headers={"Host": f"{CUSTOMER}/"})
        client.post("/predict", content=f'{{"{CUSTOMER}": ', headers={"Host": key})
        last = client.get(SCORE).headers["x-request-id"]
    lines = server.logged(last)
    text = server.log.read_text()
    for secret in secrets:
        assert secret not in text
    assert {f"{role} desk" for role in Role} <= {line.get("actor") for line in lines}
    (line,) = [line for line in lines if line.get("request_id") == last]
    assert line["route"] == "/customers/{customer_id}/score"
    assert (line["status"], line["actor"]) == (200, "admin desk")
    assert line["release_id"].startswith("20190214-")
    assert not [line for line in lines if line["level"] in {"error", "critical"}]


def test_a_key_works_and_stops_working_within_two_seconds(server: Server) -> None:
    environment = server.environment
    made = run_api("keys", "create", "--name", "new", "--role", "score", **environment)
    assert made.returncode == 0
    key = made.stdout.strip()
    with server.client(key) as client:
        assert until(lambda: client.get(SCORE).status_code == 200)
        key_id = key.split("_")[1]
        assert run_api("keys", "revoke", key_id, **environment).returncode == 0
        assert until(lambda: client.get(SCORE).status_code == 401)
    with server.client(server.keys[Role.SCORE]) as client:
        assert client.get(SCORE).status_code == 200


def test_a_key_that_is_replaced_works_beside_the_new_one(server: Server) -> None:
    environment = server.environment
    made = run_api("keys", "create", "--name", "old", "--role", "score", **environment)
    for grace, status_of_old in (("1", 200), ("0", 401)):
        old = made.stdout.strip()
        rotate = ("keys", "rotate", old.split("_")[1], "--grace", grace)
        made = run_api(*rotate, **environment)
        assert made.returncode == 0, made.stderr
        with server.client(made.stdout.strip()) as new, server.client(old) as client:
            assert until(lambda client=new: client.get(SCORE).status_code == 200)
            assert client.get(SCORE).status_code == status_of_old


def until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS_TO_NOTICE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_smoke_asks_with_a_key(server: Server) -> None:
    here = server.environment | {"API_KEY": server.keys[Role.ADMIN]}
    finished = run_api("smoke", **here)
    assert finished.returncode == 0, finished.stdout
    assert server.keys[Role.ADMIN] not in finished.stdout + finished.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "no.such.host.invalid"])  # noqa: S104
def test_without_a_key_nobody_else_is_listened_to(tmp_path: Path, host: str) -> None:
    finished = run_api(DATA_DIR=str(tmp_path), HOST=host, PORT=str(free_port()))
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"api: refuses to listen on {host} without an")
    assert "python -m api keys create" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_a_damaged_file_of_keys_is_one_line(tmp_path: Path) -> None:
    keys_file = tmp_path / "keys.json"
    keys_file.write_text('{"format": 1, "keys": [{"key_id"')
    finished = run_api(DATA_DIR=str(tmp_path), API_KEYS_FILE=str(keys_file))
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"api: the keys file {keys_file} is damaged")
    assert finished.stderr.count("\n") == 1
