"""Scores of many customers at once: the same as one by one, and all of one release."""

import json
from typing import Any

import pytest

from tests.unit.api.conftest import JSON, Client
from tests.unit.release.example_warehouse import NOT_SCORED


def ask(client: Client, *customer_ids: str) -> dict[str, Any]:
    answer = client.post("/scores", json={"customer_ids": customer_ids})
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_each_is_answered_as_if_asked_for_alone(client: Client) -> None:
    asked = [f"CustomerId_{number}" for number in range(290)]
    asked = [*asked, "CustomerId_late", *asked[:5]]
    answer = ask(client, *asked)
    assert [score["customer_id"] for score in answer["scores"]] == asked
    for score in [*answer["scores"][::20], *answer["scores"][-6:]]:
        alone = client.get(f"/customers/{score['customer_id']}/score").json()
        assert answer | score == answer | {name: alone[name] for name in score}
        assert {name: alone[name] for name in answer if name != "scores"} == {
            name: value for name, value in answer.items() if name != "scores"
        }


def test_every_id_has_a_status(client: Client) -> None:
    odd = [*NOT_SCORED, "nobody", "😀" * 1_000, "' or 1=1 --", "\x00", "CustomerId_0"]
    scores = ask(client, *odd)["scores"]
    assert [score["customer_id"] for score in scores] == odd
    assert [score["status"] for score in scores] == [
        *["not_scored"] * len(NOT_SCORED),
        *["unknown"] * 4,
        "scored",
    ]
    unknown = scores[len(NOT_SCORED)]
    assert set(unknown) - {"customer_id", "status", "reasons"} == {
        name for name, value in unknown.items() if value is None
    }


def test_ten_thousand_ids_and_not_one_more(client: Client) -> None:
    ids = [f"CustomerId_{number:086}" for number in range(10_000)]
    assert len(ask(client, *ids)["scores"]) == 10_000
    answer = client.post("/scores", json={"customer_ids": [*ids, "one more"]})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "customer_ids"
    assert error["message"] == "must be a list of 1 to 10,000 ids, got 10001"
    too_large = client.post("/scores", json={"customer_ids": ["x" * 1024 * 1024]})
    assert too_large.status_code == 413


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("{}", ["customer_ids"]),
        ("[]", ["customer_ids"]),
        ("null", ["customer_ids"]),
        ('{"customer_ids": []}', ["customer_ids"]),
        ('{"customer_ids": "CustomerId_0"}', ["customer_ids"]),
        ('{"customer_ids": ["a", 1, null]}', ["customer_ids[1]", "customer_ids[2]"]),
        ('{"customer_ids": ["a"], "limit": 1}', ["limit"]),
        ('{"customer_ids": ["a"], "customer_ids": ["b"]}', ["customer_ids"]),
    ],
)
def test_other_bodies_are_refused(client: Client, body: str, fields: list[str]) -> None:
    answer = client.post("/scores", content=body, headers=JSON)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_half_a_character_is_malformed(client: Client) -> None:
    body = json.dumps({"customer_ids": ["\ud800"]})
    assert client.post("/scores", content=body, headers=JSON).status_code == 400
