"""Puts load on a server: 32 keep-alive connections, one process, no thread.

As wrk does, it sends a request on each connection, and the next one when the answer is
there; unlike wrk, it needs nothing but Python. It spends some 15 microseconds on a
request, most of them in the kernel: a fifth of what the fastest server here takes.
"""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.benchmarks.workbench import Json

CONNECTIONS = 32
LONGEST = 60.0
HEADERS = "Host: 127.0.0.1\r\nConnection: keep-alive\r\n"


@dataclass
class _Connection:
    """One connection, and when its request was sent."""

    socket: socket.socket
    sent_at: float = 0.0
    received: bytes = b""


@dataclass
class _Counts:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    first_failure: str = ""


def load(
    *,
    port: int,
    kind: str,
    seconds: float,
    customers: int,
    connections: int = CONNECTIONS,
    seed: int = 42,
) -> Json:
    """Send requests of one kind for some seconds.

    Parameters
    ----------
    port
        Of the server on 127.0.0.1.
    kind
        One of `KINDS`.
    seconds
        How long.
    customers
        Ids are drawn from so many.
    connections
        Requests under way at a time.
    seed
        Of the ids.

    Returns
    -------
    dict
        ``requests`` answered with 2xx, ``failed`` others, ``seconds``, ``rate`` a
        second, ``p50_ms``, ``p99_ms``.
    """
    make = KINDS[kind]
    draw = Random(seed)  # noqa: S311 (not a secret)
    made = [make(draw, customers) for _ in range(REQUESTS_MADE[kind])]
    counts = _Counts()
    opened = [
        _Connection(socket.create_connection(("127.0.0.1", port)))
        for _ in range(connections)
    ]
    started = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for number, connection in enumerate(opened):
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            _send(connection, made[number % len(made)])
        number = len(opened)
        # The first answer may take longer than a short load.
        while time.perf_counter() - started < (seconds if counts.seconds else LONGEST):
            for key, _ in selector.select(1.0):
                if _is_answered(key.data, counts):
                    _send(key.data, made[number % len(made)])
                    number += 1
    took = time.perf_counter() - started
    for connection in opened:
        connection.socket.close()
    return _result(counts, took)


def _is_answered(connection: _Connection, counts: _Counts) -> bool:
    """Read what has come; whether it is a whole answer."""
    received = connection.socket.recv(1 << 20)
    if not received:
        raise ConnectionError("the server closed a connection")
    if connection.received:
        received = connection.received + received
    head = received.find(b"\r\n\r\n")
    place = received.lower().find(b"content-length:", 0, head) if head > 0 else -1
    if place < 0 or len(received) < head + 4 + int(
        received[place + 15 : received.find(b"\r\n", place)]
    ):
        connection.received = received
        return False
    connection.received = b""
    counts.seconds.append(time.perf_counter() - connection.sent_at)
    if received[9:10] != b"2":
        counts.failed += 1
        counts.first_failure = counts.first_failure or received[:400].decode()
    return True


def _send(connection: _Connection, request: bytes) -> None:
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(request)


def _result(counts: _Counts, took: float) -> Json:
    ordered = sorted(counts.seconds) or [float("inf")]
    answered = len(counts.seconds) - counts.failed
    return {
        "requests": answered,
        "failed": counts.failed,
        "first_failure": counts.first_failure,
        "seconds": took,
        "rate": answered / took,
        "p50_ms": 1e3 * ordered[len(ordered) // 2],
        "p99_ms": 1e3 * ordered[int(len(ordered) * 0.99)],
    }


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\n{HEADERS}\r\n".encode()


def _post(path: str, body: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\n{HEADERS}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _customer(draw: Random, customers: int) -> str:
    return f"CustomerId_{draw.randrange(customers)}"


def _empty(draw: Random, customers: int) -> bytes:
    del draw, customers
    return _get("/")


def _score(draw: Random, customers: int) -> bytes:
    return _get(f"/customers/{_customer(draw, customers)}/score")


def _decision(draw: Random, customers: int) -> bytes:
    customer_id = _customer(draw, customers)
    return _post("/decisions", f'{{"customer_id": "{customer_id}"}}')


def _scores(draw: Random, customers: int) -> bytes:
    ids = ", ".join(f'"{_customer(draw, customers)}"' for _ in range(IDS_IN_A_LIST))
    return _post("/scores", f'{{"customer_ids": [{ids}]}}')


def _vector(draw: Random, customers: int) -> bytes:
    del customers
    values = ", ".join(f"{draw.uniform(0, 30):.4f}" for _ in range(26))
    return _post("/predict", f'{{"features": [{values}]}}')


IDS_IN_A_LIST = 10_000
KINDS: dict[str, Callable[[Random, int], bytes]] = {
    "empty": _empty,
    "score": _score,
    "decision": _decision,
    "scores": _scores,
    "forest": _vector,
}
# Made before the load, sent in turn, again from the first when all are sent.
REQUESTS_MADE = {
    "empty": 1,
    "score": 20_000,
    "decision": 20_000,
    "scores": 20,
    "forest": 1_000,
}
