"""The real server in a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.unit.release.example_warehouse import NOT_SCORED

SECONDS_TO_START = 30
HEAVY = (
    "mlflow",
    "pandas",
    "numpy",
    "sklearn",
    "xgboost",
    "dbt",
    "optbinning",
    "joblib",
)
SERVE_ONCE = """
import pickle
import sys

pickle.load = pickle.loads = pickle.Unpickler = None

from pathlib import Path
from litestar.testing import TestClient
from api.app import create_app
from api.cli import main
from api.settings import Settings

with TestClient(create_app(Settings(data_dir=Path(sys.argv[1])))) as client:
    assert client.get("/customers/CustomerId_0/score").status_code == 200
    assert client.post("/predict", json=[None] * 26).status_code == 200
    assert client.get("/docs/openapi.json").status_code == 200
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def run_api(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the file that holds all that the server writes."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def port(published: Path, log_file: Path) -> Iterator[int]:
    """Serve the example, and end it as an operator would."""
    number = free_port()
    environment = os.environ | {"DATA_DIR": str(published), "PORT": str(number)}
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_it_answers(number, process)
            yield number
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def test_smoke_calls_every_endpoint(port: int, published: Path) -> None:
    here = {"DATA_DIR": str(published), "PORT": str(port)}
    finished = run_api("smoke", "--not-scored", "it's", **here)
    assert finished.returncode == 0
    printed = finished.stdout
    with urlopen(f"http://127.0.0.1:{port}/docs/openapi.json") as answer:
        operations = {
            (method.upper(), path)
            for path, item in json.load(answer)["paths"].items()
            for method in item
        }
    for method, path in operations:
        called = re.sub(r"\\\{\w+\\\}", "[^/ ]+", re.escape(path))
        assert re.search(rf"^ok: {method} {called}(\?\S+)? -> ", printed, re.M), (
            method,
            path,
        )
    assert '"identical": true' in printed
    assert '"author": "smoke"' in printed
    assert "/customers/it%27s/score" in printed
    assert '"status": "not_scored"' in printed
    assert "stay in the server's records" in printed
    assert f"28 calls to http://127.0.0.1:{port}: all as expected" in printed


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_nothing_follows_the_head(port: int, path: str) -> None:
    request = f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request.encode())
        received = connection.makefile("rb").read()
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert received.index(b"\r\n\r\n") == len(received) - 4


def test_smoke_sees_an_unexpected_answer(port: int, published: Path) -> None:
    here = {"DATA_DIR": str(published), "PORT": str(port)}
    finished = run_api("smoke", "--scored", "it's", **here)
    assert finished.returncode == 1
    assert "UNEXPECTED: GET /customers/it%27s/score -> 200" in finished.stdout
    assert finished.stdout.endswith(": 2 unexpected\n")


def test_the_log_names_no_customer(port: int, log_file: Path) -> None:
    for customer_id in ("CustomerId_1", "Nobody_99"):
        try:
            urlopen(f"http://127.0.0.1:{port}/customers/{customer_id}/score").close()
        except URLError as error:
            error.close()  # type: ignore[attr-defined]
    log = log_file.read_text()
    assert log.startswith("serving ")
    assert "\nwarning: the data are of 2019-02-14, " in log
    assert "CustomerId_1" not in log
    assert "Nobody_99" not in log


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/customers/%ff%fe/score", 404),
        ("/customers/%ed%a0%80/score", 404),
        ("/customers/%00/score", 404),
        ("/customers/a%2fb/score", 404),
        ("/customers//score", 404),
        ("/%zz", 404),
        (f"/customers/{'x' * 10_000}/score", 404),
        (f"/customers/{'x' * 100_000}/score", 414),
    ],
)
def test_odd_paths_are_refused_cleanly(port: int, path: str, status: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == status


@pytest.mark.parametrize("customer_id", [*NOT_SCORED, "CustomerId_0"])
def test_any_id_can_be_asked_for_when_it_is_encoded(
    port: int, customer_id: str
) -> None:
    path = f"/customers/{quote(customer_id, safe='')}/score"
    for asked in (path, path.replace("%2F", "%2f"), f"{path}?a=%2F"):
        with urlopen(f"http://127.0.0.1:{port}{asked}") as answer:
            assert json.load(answer)["customer_id"] == customer_id


def test_a_port_in_use_is_one_line(port: int, published: Path) -> None:
    finished = run_api(DATA_DIR=str(published), PORT=str(port))
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"api: cannot listen on 127.0.0.1:{port} ")
    assert finished.stderr.count("\n") == 1


def test_smoke_without_a_server_is_one_line(published: Path) -> None:
    finished = run_api("smoke", DATA_DIR=str(published), PORT=str(free_port()))
    assert finished.returncode == 1
    assert "refused); start it with make serve (python -m api)" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_smoke_without_a_release_is_one_line(port: int, tmp_path: Path) -> None:
    finished = run_api("smoke", DATA_DIR=str(tmp_path), PORT=str(port))
    assert finished.returncode == 1
    assert "make serve and make smoke the same DATA_DIR" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_serving_imports_nothing_heavy_and_unpickles_nothing(published: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SERVE_ONCE, str(published)],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(finished.stdout.split())
    assert "litestar" in imported
    assert imported.isdisjoint(HEAVY)


def test_the_warehouse_is_never_opened(published: Path, tmp_path: Path) -> None:
    (tmp_path / "releases").symlink_to(published / "releases")
    (tmp_path / "warehouse.duckdb").mkdir()
    finished = subprocess.run(
        [sys.executable, "-c", SERVE_ONCE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
