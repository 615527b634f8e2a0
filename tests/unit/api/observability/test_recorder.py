"""The outermost layer: ids, time, and what becomes of them in logs and metrics."""

import asyncio
import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar, Request, get, post
from litestar.params import FromPath
from litestar.testing import TestClient

from api.access.headers import AnswerHeaders
from api.observability.logs import RequestLog
from api.observability.recorder import Recorder
from api.problems import EXCEPTION_HANDLERS

AnyRequest = Request[Any, Any, Any]
Recorded = tuple[TestClient[Any], Recorder, Callable[[], list[dict[str, Any]]]]


@get("/people/{name:str}", sync_to_thread=False)
def person(name: FromPath[str]) -> str:
    return name


@get("/slow")
async def slow() -> None:
    await asyncio.Event().wait()


@post("/slow")
async def slow_to_write() -> None:
    await asyncio.Event().wait()


@post("/body")
async def body(request: AnyRequest) -> int:
    return len(await request.body())


@get("/broken", sync_to_thread=False)
def broken() -> None:
    message = "Secret_77"
    raise RuntimeError(message)


@pytest.fixture
def recorded() -> Recorded:
    stream = io.BytesIO()
    log = RequestLog(stream, level="info")
    recorder = Recorder(
        headers=AnswerHeaders(is_behind_tls=False),
        timeout_seconds=0.1,
        log=log,
        release_id=lambda: "20190214-b0c1e11b1ad9-19e9688e",
        in_doubt={("POST", "/slow"): "It may have happened."},
    )
    app = Litestar(
        [person, slow, slow_to_write, body, broken],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )
    app.asgi_handler = recorder.wrap(app.asgi_handler)

    def lines() -> list[dict[str, Any]]:
        recorder.close()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    return TestClient(app, raise_server_exceptions=False), recorder, lines


def test_a_request_is_one_line_without_whom_it_is_about(recorded: Recorded) -> None:
    client, recorder, lines = recorded
    with client:
        answer = client.get("/people/Secret_77?name=Secret_77")
    assert answer.status_code == 200
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert 0 < line.pop("duration_ms") < 10_000
    assert line.pop("request_id") == answer.headers["x-request-id"]
    assert line == {
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "/people/{name}",
        "status": 200,
        "actor": None,
        "release_id": "20190214-b0c1e11b1ad9-19e9688e",
    }
    assert recorder.in_flight == 0


@pytest.mark.parametrize(
    ("method", "path", "status", "route", "level"),
    [
        ("GET", "/Secret_77", 404, "unmatched", "info"),
        ("PUT", "/people/Secret_77", 405, "unmatched", "info"),
        ("GET", "/broken", 500, "/broken", "error"),
    ],
)
def test_errors_are_recorded_too(
    recorded: Recorded, method: str, path: str, status: int, route: str, level: str
) -> None:
    client, _, lines = recorded
    with client:
        answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    (line,) = lines()
    assert (line["status"], line["route"], line["level"]) == (status, route, level)
    assert "Secret_77" not in json.dumps(line)


def test_a_made_up_method_is_not_repeated(recorded: Recorded) -> None:
    client, recorder, lines = recorded
    with client:
        client.request("SECRET77", "/slow")
    (line,) = lines()
    assert line["method"] == "other"
    assert [labels["method"] for _, labels, _ in recorder.metrics.counts()] == ["other"]


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", True),
        ("4bf92f3577b34da6a3ce929d0e0e4736", True),
        ("CustomerId_1000_aaaa", False),
        ("abc", False),
        ("a" * 65, False),
        ('4bf92f3577b34da6a3ce929d0e0e4736"}', False),
    ],
)
def test_an_id_of_the_caller_is_taken_when_it_is_sane(
    recorded: Recorded, given: str, *, is_taken: bool
) -> None:
    client, _, lines = recorded
    with client:
        answer = client.get("/people/a", headers={"X-Request-ID": given})
    (line,) = lines()
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["request_id"] == given) is is_taken


def test_made_ids_differ(recorded: Recorded) -> None:
    client, _, _ = recorded
    with client:
        made = {client.get("/people/a").headers["x-request-id"] for _ in range(3)}
    assert len(made) == 3


def test_a_request_that_takes_too_long_is_given_up(recorded: Recorded) -> None:
    client, recorder, lines = recorded
    with client:
        answer = client.get("/slow")
        assert client.get("/people/a").status_code == 200
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json() == {
        "type": "urn:problem-type:bati:timeout",
        "title": "Not answered in time",
        "status": 503,
        "detail": "There was no answer within 0.1 seconds.",
        "errors": [],
        "request_id": answer.headers["x-request-id"],
    }
    assert [line["status"] for line in lines()] == [503, 200]
    assert recorder.in_flight == 0


def test_what_may_have_happened_is_told_when_it_is_given_up(recorded: Recorded) -> None:
    with recorded[0] as client:
        answer = client.post("/slow")
    assert answer.json()["detail"] == (
        "There was no answer within 0.1 seconds. It may have happened."
    )


def test_a_body_that_never_ends_is_given_up(recorded: Recorded) -> None:
    _, recorder, _ = recorded
    sent: list[Any] = []

    async def receive() -> Any:  # noqa: ANN401 (an event)
        await asyncio.Event().wait()

    async def send(message: Any) -> None:  # noqa: ANN401 (an event)
        sent.append(message)

    async def run() -> None:
        client, _, _ = recorded
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/body",
            "raw_path": b"/body",
            "query_string": b"",
            "headers": [(b"content-length", b"9")],
        }
        await client.app(scope, receive, send)

    asyncio.run(run())
    assert sent[0]["status"] == 503
    assert recorder.in_flight == 0


def test_a_caller_who_leaves_is_told_from_a_timeout(recorded: Recorded) -> None:
    client, recorder, lines = recorded

    async def send(message: Any) -> None:  # noqa: ANN401 (an event)
        pytest.fail(f"nobody is there to take {message}")

    async def run() -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/slow",
            "raw_path": b"/slow",
            "query_string": b"",
            "headers": [],
        }
        task = asyncio.create_task(client.app(scope, None, send))
        await asyncio.sleep(0)
        assert recorder.in_flight == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert [line["status"] for line in lines()] == [499]


def test_lines_come_without_being_asked_for(recorded: Recorded) -> None:
    client, recorder, _ = recorded
    seen = threading.Event()

    class Noticing(io.BytesIO):
        def write(self, content: Any) -> int:  # noqa: ANN401 (a buffer)
            seen.set()
            return super().write(content)

    recorder.log = RequestLog(Noticing(), level="info")
    with client:
        client.get("/people/a")
        assert seen.wait(10)
