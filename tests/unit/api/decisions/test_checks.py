"""An idempotency key that cannot be one is told, and nothing is decided under it."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.api.conftest import Client

CONTROL = "must not hold control characters"
BLANK = "must not be blank; leave it out or give null where there is none"


def ask(client: Client, key: object) -> Any:  # noqa: ANN401 (httpx2 or httpx)
    asked = {"customer_id": "CustomerId_1", "idempotency_key": key}
    return client.post("/decisions", json=asked)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("", "must be text of at least 1 character"),
        ("x" * 201, "must be text of at most 200 characters"),
        (" ", BLANK),
        ("\u00a0\u2003", BLANK),
        ("\u200b", BLANK),
        ("\n", CONTROL),
        ("order-17\n", CONTROL),
        ("order\u000017", CONTROL),
        ("order\u009b17", CONTROL),
        ("\x7f", CONTROL),
        (17, "must be text or null, got a whole number"),
        (["order-17"], "must be text or null, got a list"),
    ],
)
def test_what_a_key_may_be_is_told(
    deciding: Client, data_dir: Path, key: object, message: str
) -> None:
    answer = ask(deciding, key)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "idempotency_key", "message": message}]
    assert not (data_dir / "decisions").exists()


@pytest.mark.parametrize("key", ["x", "x" * 200, "order 17", "ключ 😀", "' or 1 = 1"])
def test_any_other_key_is_taken(deciding: Client, key: str) -> None:
    first, again = ask(deciding, key), ask(deciding, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


def test_null_is_no_key(deciding: Client) -> None:
    first, again = ask(deciding, None), ask(deciding, None)
    assert first.json()["decision_id"] != again.json()["decision_id"]
