"""No id in a path outlives its request."""

import asyncio
import gc
import tracemalloc
from pathlib import Path
from typing import Any

from api.app import create_app
from api.settings import Settings

LONG = "x" * 50_000
IDS = 60


def test_ids_are_forgotten(published: Path) -> None:
    # Without the test client, which keeps what it sent.
    app: Any = create_app(Settings(data_dir=published))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: object) -> None:
        return

    async def ask(customer_id: str) -> None:
        path = f"/customers/{customer_id}/score"
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [],
        }
        await app(scope, receive, send)

    async def ask_for_all() -> int:
        await ask(LONG)
        tracemalloc.start()
        for number in range(IDS):
            await ask(f"{number}{LONG}")
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return kept

    assert asyncio.run(ask_for_all()) < 2 * len(LONG)
