"""Keys of every role, and requests for every operation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from api.access.actor import Role
from api.access.key_file import changing_keys
from api.access.keys import new_key

Client = TestClient[Any]


@dataclass(frozen=True)
class Request:
    """A request for one operation; what it asks for need not exist."""

    operation: str
    method: str
    path: str

    def send(self, client: Client, key: str | None = None) -> Any:  # noqa: ANN401 (httpx2 or httpx)
        """Send it, with a key or without."""
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        json = {} if self.method == "POST" else None
        return client.request(self.method, self.path, headers=headers, json=json)


def requests_of(document: dict[str, Any], identifier: str = "nobody") -> list[Request]:
    """Make a request for every operation of an OpenAPI document."""
    return [
        Request(
            operation["operationId"],
            method.upper(),
            re.sub(r"\{\w+\}", identifier, path),
        )
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def connect_from(app: Litestar, address: str | None) -> Litestar:
    """Let every request of a test come from this address; None is a Unix socket."""
    handler = app.asgi_handler

    async def from_address(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
        if scope["type"] == "http":
            scope["client"] = None if address is None else (address, 50_000)
        await handler(scope, receive, send)

    app.asgi_handler = from_address
    return app


def add_key(path: Path, name: str, roles: Iterable[Role]) -> str:
    """Put a key into a file of keys and return it."""
    key, kept = new_key(name, tuple(roles), "2026-11-24T12:00:00Z")
    with changing_keys(path) as keys:
        keys.append(kept)
    return key
