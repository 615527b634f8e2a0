"""Scores of customers: known, not eligible, unknown, oddly named."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.settings import Settings
from tests.unit.api.conftest import Client, write_manifest
from tests.unit.release.example_warehouse import MODEL_VERSION, NOT_SCORED

PROBLEM = "application/problem+json"


def path_of(customer_id: str) -> str:
    return f"/customers/{quote(customer_id, safe='')}/score"


def test_a_scored_customer(client: Client, published: Path) -> None:
    answer = client.get(path_of("CustomerId_0"))
    assert answer.status_code == 200
    body = answer.json()
    release_id = (published / "releases" / "CURRENT").read_text().strip()
    card = json.loads(
        (published / "releases" / release_id / "scorecard.json").read_bytes()
    )
    expected = {
        "customer_id": "CustomerId_0",
        "status": "scored",
        "not_scored_reason": None,
        "target": "expected inactivity",
        "data": "simulated",
        "snapshot_date": "2019-02-14",
        "model_version": MODEL_VERSION,
        "release_id": release_id,
        "wording_version": card["wording_version"],
        "disclaimer": "behavioural proxy, not a probability of default",
    }
    assert {name: body[name] for name in expected} == expected
    assert set(body) - set(expected) == {
        "score",
        "score_shown",
        "proxy_probability",
        "grade",
        "action",
        "reasons",
        "reason_reference",
    }
    assert [set(reason) for reason in body["reasons"]] == [
        {"code", "wording", "loss"}
    ] * len(body["reasons"])


@pytest.mark.parametrize("customer_id", NOT_SCORED)
def test_a_customer_without_recent_transactions(
    client: Client, customer_id: str
) -> None:
    answer = client.get(path_of(customer_id))
    assert answer.status_code == 200
    body = answer.json()
    assert body["customer_id"] == customer_id
    assert body["status"] == "not_scored"
    assert body["not_scored_reason"] == "no_recent_transactions"
    assert body["action"] == "refer"
    assert [reason["code"] for reason in body["reasons"]] == ["P01"]
    for name in ("score", "score_shown", "proxy_probability", "grade"):
        assert body[name] is None


@pytest.mark.parametrize(
    "customer_id",
    [
        "nobody",
        "CustomerId_0 ",
        "customerid_0",
        "' or 1=1 --",
        '"; drop table customers',
        "a/b",
        "😀",
        "%",
        "..",
        "\x00",
        "x" * 10_000,
    ],
)
def test_an_unknown_customer_is_a_clean_404(client: Client, customer_id: str) -> None:
    answer = client.get(path_of(customer_id))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == 404


def test_the_kind_of_problem_is_named(client: Client) -> None:
    problem = client.get(path_of("nobody")).json()
    assert problem["type"] == "urn:problem-type:bati:unknown-customer"
    assert problem["title"] == "Unknown customer"


def test_without_a_release_there_is_no_score(client_without_release: Client) -> None:
    for answer in (
        client_without_release.get(path_of("CustomerId_0")),
        client_without_release.post("/predict", json=[None] * 26),
    ):
        assert answer.status_code == 503
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["type"] == "urn:problem-type:bati:no-release"


@pytest.mark.parametrize("data", ["raw", "simulated"])
def test_every_score_says_which_data_it_stands_on(
    release_copy: Path, data: str
) -> None:
    write_manifest(release_copy, data=data)
    with TestClient(create_app(Settings(data_dir=release_copy.parents[1]))) as client:
        answers = [
            client.get("/health"),
            client.get(path_of("CustomerId_0")),
            client.get(path_of(NOT_SCORED[0])),
            client.post("/predict", json=[None] * 26),
        ]
    assert [answer.json()["data"] for answer in answers] == [data] * 4


def test_the_target_is_the_one_that_the_card_was_trained_on(
    release_copy: Path,
) -> None:
    write_manifest(release_copy, agreement_with_inactivity=None)
    with TestClient(create_app(Settings(data_dir=release_copy.parents[1]))) as client:
        answer = client.get(path_of("CustomerId_0")).json()
    assert answer["target"] == "expected inactivity"


def test_observed_outcomes_are_no_proxy(release_copy: Path) -> None:
    path = release_copy / "scorecard.json"
    document = json.loads(path.read_bytes())
    document["model"] |= {"label_source": "observed", "target_name": "default"}
    path.write_text(json.dumps(document))
    write_manifest(release_copy)
    with TestClient(create_app(Settings(data_dir=release_copy.parents[1]))) as client:
        answer = client.get(path_of("CustomerId_0")).json()
    assert (answer["target"], answer["disclaimer"]) == ("default", None)


def test_a_method_that_is_not_allowed(client: Client) -> None:
    answer = client.delete(path_of("CustomerId_0"))
    assert answer.status_code == 405
    assert answer.headers["content-type"] == PROBLEM
    assert "GET" in answer.headers["allow"]
