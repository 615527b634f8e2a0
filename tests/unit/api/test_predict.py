"""Feature values in a body: what is accepted, and what is named as wrong."""

import json
from typing import Any

import pytest

from tests.unit.api.conftest import JSON, Client
from tests.unit.release.example_warehouse import CATEGORICAL, FEATURES

VALUES: dict[str, Any] = {
    name: "channel_1" if name in CATEGORICAL else 0.5 for name in FEATURES
}
IN_ORDER = list(VALUES.values())


def wrong_fields(client: Client, body: bytes) -> dict[str, str]:
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:problem-type:bati:invalid-body"
    assert problem["errors"][0]["field"] in problem["detail"]
    return {error["field"]: error["message"] for error in problem["errors"]}


def test_by_name_in_order_with_and_without_wrapper_are_one(client: Client) -> None:
    shuffled = dict(reversed(VALUES.items()))
    answers = [
        client.post("/predict", json=body)
        for body in (
            {"features": VALUES},
            {"features": IN_ORDER},
            VALUES,
            IN_ORDER,
            shuffled,
        )
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert answers[0].json()["disclaimer"]
    assert len(answers[0].json()["wording_version"]) == 12


def test_every_value_may_be_missing(client: Client) -> None:
    answer = client.post("/predict", json=dict.fromkeys(FEATURES))
    assert answer.status_code == 200


def test_whole_numbers_are_numbers(client: Client) -> None:
    whole = VALUES | {"recency_days": 2}
    fraction = VALUES | {"recency_days": 2.0}
    answers = [client.post("/predict", json=body).json() for body in (whole, fraction)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"3"', "must be a number or null, got text"),
        ("true", "must be a number or null, got a boolean"),
        ("[1]", "must be a number or null, got a list"),
        ("{}", "must be a number or null, got an object"),
        ("NaN", "must be a finite number"),
        ("Infinity", "must be a finite number"),
        ("-Infinity", "must be a finite number"),
        ("1e999", "must be a finite number"),
        ("-1e999", "must be a finite number"),
        ("1" * 400, "must be a finite number"),
    ],
)
@pytest.mark.parametrize("by_name", [True, False])
def test_a_value_that_is_no_number_names_the_field(
    client: Client, text: str, message: str, by_name: bool
) -> None:
    marked = VALUES | {"value_7d": "MARK"}
    body = json.dumps({"features": marked if by_name else list(marked.values())})
    body = body.replace('"MARK"', text)
    assert wrong_fields(client, body.encode()) == {"value_7d": message}


@pytest.mark.parametrize("value", [2, 2.5, True, ["a"], {}])
def test_a_category_that_is_no_text_names_the_field(client: Client, value: Any) -> None:  # noqa: ANN401
    body = json.dumps(VALUES | {"main_pricing_strategy": value})
    message = wrong_fields(client, body.encode())["main_pricing_strategy"]
    assert message.startswith("must be text or null, got ")


def test_every_wrong_field_is_named(client: Client) -> None:
    body = json.dumps(VALUES | {"recency_days": "x", "main_channel": 1})
    assert set(wrong_fields(client, body.encode())) == {"recency_days", "main_channel"}


def test_missing_and_unknown_names(client: Client) -> None:
    given = VALUES | {"income": 1}
    del given["tenure_days"], given["main_channel"]
    assert wrong_fields(client, json.dumps(given).encode()) == {
        "tenure_days": "is missing; give null for a missing value",
        "main_channel": "is missing; give null for a missing value",
        "income": "is not a feature of the contract",
    }


def test_a_field_beside_the_wrapper(client: Client) -> None:
    body = json.dumps({"features": VALUES, "customer_id": "x"})
    assert set(wrong_fields(client, body.encode())) == {"customer_id"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (IN_ORDER[:-1], "got 25"),
        ([*IN_ORDER, None], "got 27"),
        ([], "got 0"),
        ("text", "got text"),
        (None, "got null"),
        ({"features": 1}, "got a number"),
    ],
)
def test_a_wrong_count_or_shape(client: Client, body: Any, found: str) -> None:  # noqa: ANN401
    wrong = wrong_fields(client, json.dumps(body).encode())
    assert wrong["features"].endswith(found)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nul", b"\xff\xfe", b"[" * 5_000, b"9" * 5_000, b'{"features": }'],
)
def test_what_is_not_json(client: Client, body: bytes) -> None:
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:problem-type:bati:malformed-body"


@pytest.mark.parametrize(
    "body",
    [
        rb'{"\ud800": 1}',
        rb'{"\ud800": 1, "\ud800": 2}',
        rb'{"features": {"\udfff": 1}}',
        json.dumps(VALUES | {"main_channel": "\ud83d"}).encode(),
        json.dumps([*IN_ORDER[:-1], "\udc2f"]).encode(),
        json.dumps(VALUES, ensure_ascii=False).encode().replace(b"_1", b"\xed\xa0\x80"),
        json.dumps(VALUES).encode("utf-16"),
    ],
)
def test_what_is_no_text(client: Client, body: bytes) -> None:
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:problem-type:bati:malformed-body"


def test_an_escaped_character_is_the_character(client: Client) -> None:
    asked = [
        client.post(
            "/predict",
            content=json.dumps(VALUES | {"main_channel": text}),
            headers=JSON,
        )
        for text in ("channel_3", "😀")
    ]
    assert "\\ud83d\\ude00" in json.dumps("😀")
    assert [answer.status_code for answer in asked] == [200, 200]
    escaped = json.dumps(VALUES).replace("channel_1", "\\u0063hannel_3")
    again = client.post("/predict", content=escaped, headers=JSON)
    assert again.json() == asked[0].json()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"recency_days": 1, "recency_days": 2}', {"recency_days"}),
        (b'{"features": {"a": 1, "b": 1, "a": 1, "b": 1}}', {"a", "b"}),
        (b'{"features": [], "features": []}', {"features"}),
        (rb'{"value_7d": 1, "\u0076alue_7d": 1}', {"value_7d"}),
    ],
)
def test_a_name_given_twice_is_named(
    client: Client, body: bytes, named: set[str]
) -> None:
    wrong = wrong_fields(client, body)
    assert set(wrong) == named
    assert set(wrong.values()) == {"is given more than once"}


@pytest.mark.parametrize("given", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_calls_itself_something_else(client: Client, given: str) -> None:
    body = json.dumps(VALUES).encode()
    answer = client.post("/predict", content=body, headers={"Content-Type": given})
    assert answer.status_code == 415
    assert "Content-Type: application/json" in answer.json()["detail"]


def test_a_body_that_says_nothing_of_its_type(client: Client) -> None:
    bodies: dict[str, Any] = {
        "/predict": VALUES,
        "/scores": {"customer_ids": ["CustomerId_0"]},
        "/decisions": {"customer_id": "CustomerId_0"},
        "/decisions/nobody/review": {},
    }
    for path, body in bodies.items():
        answer = client.post(path, content=json.dumps(body).encode())
        assert answer.status_code == 415, path


@pytest.mark.parametrize(
    "given", ["application/json; charset=utf-8", "Application/JSON"]
)
def test_json_may_say_more_of_itself(client: Client, given: str) -> None:
    body = json.dumps(VALUES).encode()
    answer = client.post("/predict", content=body, headers={"Content-Type": given})
    assert answer.status_code == 200


def test_an_answer_stays_small_however_much_is_wrong(client: Client) -> None:
    body = json.dumps(VALUES | {f"x{number}": 1 for number in range(5_000)})
    problem = client.post("/predict", content=body, headers=JSON).json()
    assert len(problem["errors"]) == 100
    assert problem["detail"].endswith("; and 4997 more")


def test_a_body_that_is_too_large(client: Client) -> None:
    answer = client.post("/predict", content=b" " * 100_000)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
