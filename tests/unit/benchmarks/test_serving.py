"""The API's benchmark: what it counts, and how it judges."""

import contextlib
import re
import socket
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

import pytest

from pipeline.errors import PipelineError
from tests.benchmarks.serving.load import IDS_IN_A_LIST, KINDS, load
from tests.benchmarks.serving.servers import free_port, serving
from tests.benchmarks.serving.table import judged, speed_block, table_text


def is_whole_request(stream: BinaryIO) -> bool:
    """Read one request, however many packets it comes in; False at the end."""
    length = 0
    for line in stream:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        if line == b"\r\n":
            return len(stream.read(length)) == length
    return False


def answer_all(listening: socket.socket, status: str) -> None:
    """Answer each request of two connections, the body in a second packet."""

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(ConnectionError):
            stream = connection.makefile("rb")
            while is_whole_request(stream):
                head = f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n"
                connection.sendall(head.encode())
                connection.sendall(b"{}")

    for _ in range(2):
        connection, _ = listening.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "is_good"), [("201 Created", True), ("503 No", False)]
)
def test_answers_are_counted(kind: str, status: str, is_good: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(
            target=answer_all, args=(listening, status), daemon=True
        ).start()
        port = listening.getsockname()[1]
        found = load(port=port, kind=kind, seconds=0.05, customers=9, connections=2)
    assert (found["requests"] > 0, found["failed"] > 0) == (is_good, not is_good)
    assert found["first_failure"].startswith("" if is_good else "HTTP/1.1 503 No")
    assert 0 < found["p50_ms"] <= found["p99_ms"]


def test_each_request_is_drawn_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is sent twice, and one at most is drawn that is not sent."""
    drawn = []

    def make(draw: Random, customers: int) -> bytes:
        drawn.append(draw.randrange(customers))
        return b"GET / HTTP/1.1\r\n\r\n"

    monkeypatch.setitem(KINDS, "score", make)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(
            target=answer_all, args=(listening, "200 OK"), daemon=True
        ).start()
        port = listening.getsockname()[1]
        found = load(port=port, kind="score", seconds=0.05, customers=9, connections=2)
    assert 0 <= len(drawn) - found["requests"] - 2 <= 1


def ids_in(request: bytes) -> list[bytes]:
    return re.findall(rb"CustomerId_(\d+)", request)


@pytest.mark.parametrize("kind", ["score", "decision"])
def test_any_customer_is_as_likely_as_another(kind: str) -> None:
    draw = Random(1)  # noqa: S311 (not a secret)
    drawn = Counter(ids_in(KINDS[kind](draw, 10))[0] for _ in range(10_000))
    assert {int(number) for number in drawn} == set(range(10))
    assert all(800 < count < 1_200 for count in drawn.values())
    many = {KINDS[kind](draw, 1_000_000) for _ in range(50_000)}
    # Some come twice by chance: 1 in 40.
    assert 48_500 < len(many) < 49_100


def test_a_list_has_ids_of_its_own() -> None:
    draw = Random(1)  # noqa: S311 (not a secret)
    one, other = (ids_in(KINDS["scores"](draw, 1_000_000)) for _ in range(2))
    assert len(one) == len(other) == IDS_IN_A_LIST
    assert len({*one} & {*other}) < 200


@pytest.mark.parametrize("kind", ["empty", "score", "decision"])
def test_drawing_takes_little_of_the_15_microseconds_of_a_request(kind: str) -> None:
    draw = Random(1)  # noqa: S311 (not a secret)

    def seconds_of_a_thousand() -> float:
        started = time.process_time()
        for _ in range(1_000):
            KINDS[kind](draw, 1_000_000)
        return time.process_time() - started

    assert min(seconds_of_a_thousand() for _ in range(10)) < 1_000 * 5e-6


def of_rate(rate: float, p99_ms: float = 10.0) -> list[dict[str, Any]]:
    return [
        {"rate": rate * share, "p50_ms": 3.0, "p99_ms": p99_ms} for share in (0.1, 1, 9)
    ]


DOCUMENT: dict[str, Any] = {
    "measured_at": "2026-11-24T10:00:00+00:00",
    "machine": {"cores": 2, "processor": "P", "system": "S", "versions": {"a": "1"}},
    "customers": 1_000_000,
    "connections": 32,
    "seconds": 30.0,
    "ids_in_a_list": 10_000,
    "seconds_to_ready": 1.2,
    "resident_bytes": 360e6,
    "loads": {
        "empty": of_rate(10_000),
        "score": of_rate(7_000, p99_ms=31.0),
        "scores": of_rate(2.5),
        "forest": of_rate(100),
    },
}


def test_the_middle_round_is_judged() -> None:
    verdicts = {verdict["what"]: verdict for verdict in judged(DOCUMENT)}
    assert {what: verdict["is_met"] for what, verdict in verdicts.items()} == {
        "score / empty handler, throughput": True,
        "score / empty handler, p99": False,
        "`POST /scores`": True,
        "score / FastAPI and forest, throughput": True,
        "cold start to ready": True,
        "resident memory of the worker after the load": False,
    }
    assert verdicts["score / empty handler, throughput"]["value"] == 0.7
    assert verdicts["score / empty handler, throughput"]["bar"] == "at least 65%"
    assert verdicts["`POST /scores`"]["value"] == 25_000


def test_the_table_says_so() -> None:
    block = speed_block(DOCUMENT)
    assert "| score / empty handler, p99 | 3.1 times, **missed** | at most 3.0" in block
    assert "1,000,000 simulated customers" in block
    assert "decision" not in block
    assert "7,000 requests/s" in table_text(DOCUMENT)


def test_a_server_that_ends_is_told(tmp_path: Path) -> None:
    command = ("python", "-c", "raise SystemExit(1)")
    log = tmp_path / "log"
    with (
        pytest.raises(PipelineError, match="does not answer"),
        serving(command, port=free_port(), ready="/", log=log),
    ):
        pass
