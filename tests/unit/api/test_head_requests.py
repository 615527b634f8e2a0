"""What is sent after the head of an answer to HEAD: nothing."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings


def messages_of(data_dir: Path, path: str) -> list[dict[str, Any]]:
    """Ask for HEAD as a server does; a test client would hide a body."""
    sent: list[dict[str, Any]] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": "HEAD",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 50_000),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    app: Any = create_app(Settings(data_dir=data_dir))
    asyncio.run(app(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    ("folder", "path", "status"),
    [
        ("published", "/health", 200),
        ("empty", "/health", 200),
        ("empty", "/ready", 503),
    ],
)
def test_no_body_is_sent(
    published: Path, tmp_path: Path, folder: str, path: str, status: int
) -> None:
    data_dir = published if folder == "published" else tmp_path
    head, *bodies = messages_of(data_dir, path)
    assert head["status"] == status
    assert int(dict(head["headers"])[b"content-length"]) > 0
    assert [message["body"] for message in bodies] == [b""]
