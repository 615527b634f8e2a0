"""Puts load on a server: 32 keep-alive connections, one process, no thread.

As wrk does, it sends a request on each connection, and the next one when the answer is
there; unlike wrk, it needs nothing but Python. It spends some 15 microseconds on a
request, most of them in the kernel: a fifth of what the fastest server here takes.
Each request is drawn anew, one ahead and while the server is at work, so that no id
comes in turns that a server could profit from.
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
HEADERS = b"Host: 127.0.0.1\r\nConnection: keep-alive\r\n"
POST = (
    b"POST %b HTTP/1.1\r\n%bContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b"
)


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
    counts = _Counts()
    opened = [
        _Connection(socket.create_connection(("127.0.0.1", port)))
        for _ in range(connections)
    ]
    request = make(draw, customers)
    started = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for connection in opened:
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            _send(connection, request)
            request = make(draw, customers)
        # The first answer may take longer than a short load.
        while time.perf_counter() - started < (seconds if counts.seconds else LONGEST):
            for key, _ in selector.select(1.0):
                if _is_answered(key.data, counts):
                    _send(key.data, request)
                    request = make(draw, customers)
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


def _get(path: bytes) -> bytes:
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (path, HEADERS)


def _post(path: bytes, body: bytes) -> bytes:
    return POST % (path, HEADERS, len(body), body)


def _number(draw: Random, customers: int) -> int:
    # A quarter of the time of randrange; of a million, each is as likely to 1e-10.
    return int(draw.random() * customers)


def _empty(draw: Random, customers: int) -> bytes:
    del draw, customers
    return EMPTY


def _score(draw: Random, customers: int) -> bytes:
    return _get(b"/customers/CustomerId_%d/score" % _number(draw, customers))


def _decision(draw: Random, customers: int) -> bytes:
    number = _number(draw, customers)
    return _post(b"/decisions", b'{"customer_id": "CustomerId_%d"}' % number)


def _scores(draw: Random, customers: int) -> bytes:
    ids = b", ".join(
        b'"CustomerId_%d"' % _number(draw, customers) for _ in range(IDS_IN_A_LIST)
    )
    return _post(b"/scores", b'{"customer_ids": [%b]}' % ids)


def _vector(draw: Random, customers: int) -> bytes:
    del customers
    values = b", ".join(b"%.4f" % draw.uniform(0, 30) for _ in range(26))
    return _post(b"/predict", b'{"features": [%b]}' % values)


IDS_IN_A_LIST = 10_000
EMPTY = _get(b"/")
KINDS: dict[str, Callable[[Random, int], bytes]] = {
    "empty": _empty,
    "score": _score,
    "decision": _decision,
    "scores": _scores,
    "forest": _vector,
}
