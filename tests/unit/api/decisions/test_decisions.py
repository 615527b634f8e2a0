"""Decisions over HTTP: made once, found, explained, reviewed, replayed."""

import json
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.decisions.verify import verify
from api.settings import Settings
from release.layout import current_release_id
from tests.unit.api.conftest import Client, write_manifest
from tests.unit.release.example_warehouse import FEATURES, NOT_SCORED, example_customers

Answer = dict[str, Any]


def decide(client: Client, customer_id: str, **more: Any) -> Answer:  # noqa: ANN401
    answer = client.post("/decisions", json={"customer_id": customer_id, **more})
    assert answer.status_code == 201, answer.text
    body: Answer = answer.json()
    return body


def refusal(client: Client, path: str, body: object) -> tuple[int, str, list[str]]:
    answer = client.post(path, json=body)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    fields = [error["field"] for error in problem["errors"]]
    return answer.status_code, problem["type"].rpartition(":")[2], fields


def test_a_decision_holds_all_that_it_stands_on(deciding: Client) -> None:
    told = decide(deciding, "CustomerId_1", amount=120.5, idempotency_key="k")
    kept = deciding.get(f"/decisions/{told['decision_id']}").json()
    record = kept["record"]
    customer = example_customers()[1]
    assert record["features"] == {name: customer[name] for name in FEATURES}
    assert sum(record["points"].values()) == pytest.approx(record["score"], abs=1e-9)
    scored = deciding.get("/customers/CustomerId_1/score").json()
    for name in ("score", "score_shown", "proxy_probability", "grade", "release_id"):
        assert record[name] == scored[name]
    assert record["actor"] == "local"
    assert record["amount"] == 120.5
    assert "k" not in record["idempotency_key_hash"]
    assert record["recorded_at"] == told["decided_at"]
    assert len(record["wording_version"]) == 12
    assert (kept["outcome"], kept["reviews"]) == (told["action"], [])


def test_a_decision_is_on_disk_before_it_is_answered(
    deciding: Client, data_dir: Path
) -> None:
    told = decide(deciding, "CustomerId_1")
    (log,) = (data_dir / "decisions").glob("*.jsonl")
    assert json.loads(log.read_bytes())["decision_id"] == told["decision_id"]


def test_the_same_key_is_the_same_decision(deciding: Client, data_dir: Path) -> None:
    first = decide(deciding, "CustomerId_1", amount=10, idempotency_key="k")
    assert decide(deciding, "CustomerId_1", amount=10.0, idempotency_key="k") == first
    for other in (
        {"customer_id": "CustomerId_1", "amount": 11, "idempotency_key": "k"},
        {"customer_id": "CustomerId_1", "idempotency_key": "k"},
        {"customer_id": "CustomerId_2", "amount": 10, "idempotency_key": "k"},
    ):
        assert refusal(deciding, "/decisions", other)[:2] == (409, "key-reused")
    assert decide(deciding, "CustomerId_1", amount=10) != first
    assert verify(data_dir / "decisions").records == 2


def test_a_key_is_known_after_a_restart(deciding: Client, data_dir: Path) -> None:
    first = decide(deciding, "CustomerId_1", idempotency_key="k")
    with TestClient(create_app(Settings(data_dir=data_dir))) as other:
        assert decide(other, "CustomerId_1", idempotency_key="k") == first
        assert decide(other, "CustomerId_1", idempotency_key="l") != first


@pytest.mark.parametrize("customer_id", NOT_SCORED)
def test_a_customer_without_a_score_is_referred_for_a_policy_reason(
    deciding: Client, customer_id: str
) -> None:
    told = decide(deciding, customer_id)
    assert (told["customer_id"], told["action"]) == (customer_id, "refer")
    assert [reason["code"] for reason in told["reasons"]] == ["P01"]
    assert told["reason_reference"] == "policy"
    listed = deciding.get(f"/decisions?customer_id={quote(customer_id, safe='')}")
    assert listed.json()["decisions"] == [told]
    replayed = deciding.post(f"/decisions/{told['decision_id']}/replay").json()
    assert replayed["identical"] is True


def test_every_referral_has_a_reason(deciding: Client) -> None:
    codes = set()
    for customer in example_customers(60):
        told = decide(deciding, customer["customer_id"])
        if told["action"] == "refer":
            assert 1 <= len(told["reasons"]) <= 4
            codes |= {reason["code"] for reason in told["reasons"]}
    assert {"P03", "R01", "R02", "R12"} <= codes


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"customer_id": "nobody"}, (404, "unknown-customer", [])),
        ({"customer_id": "x" * 10_000}, (404, "unknown-customer", [])),
        ({"customer_id": "' or 1 = 1 --"}, (404, "unknown-customer", [])),
        ({"customer_id": "%2f\u0000😀"}, (404, "unknown-customer", [])),
        ({}, (422, "invalid-body", ["customer_id"])),
        ([], (422, "invalid-body", ["body"])),
        ({"customer_id": 1}, (422, "invalid-body", ["customer_id"])),
        ({"customer_id": "c", "amount": 0}, (422, "invalid-body", ["amount"])),
        ({"customer_id": "c", "amount": 1e14}, (422, "invalid-body", ["amount"])),
        ({"customer_id": "c", "amount": 10**400}, (422, "invalid-body", ["amount"])),
        ({"customer_id": "c", "actor": "me"}, (422, "invalid-body", ["actor"])),
        (
            {"customer_id": "c", "idempotency_key": "x" * 201},
            (422, "invalid-body", ["idempotency_key"]),
        ),
    ],
)
def test_what_cannot_be_decided_is_told_and_not_recorded(
    deciding: Client,
    data_dir: Path,
    body: object,
    expected: tuple[int, str, list[str]],
) -> None:
    assert refusal(deciding, "/decisions", body) == expected
    assert list((data_dir / "decisions").glob("*.jsonl")) == []


def wait_for_the_switch(client: Client) -> None:
    """The file is looked at every 50 ms."""
    while client.post("/decisions", json={"customer_id": "CustomerId_1"}).is_success:
        pass


def test_nothing_is_decided_while_decisions_are_switched_off(
    deciding: Client, data_dir: Path
) -> None:
    made = decide(deciding, "CustomerId_1", idempotency_key="k")
    (data_dir / "DISABLED").write_text("audit\n")
    wait_for_the_switch(deciding)
    answer = deciding.post("/decisions", json={"customer_id": "CustomerId_1"})
    assert answer.status_code == 503
    assert "audit" in answer.json()["detail"]
    assert decide(deciding, "CustomerId_1", idempotency_key="k") == made
    (data_dir / "DISABLED").unlink()
    decide(deciding, "CustomerId_1")


def test_a_review_changes_the_outcome_and_nothing_else(deciding: Client) -> None:
    told = decide(deciding, NOT_SCORED[0])
    path = f"/decisions/{told['decision_id']}"
    before = deciding.get(path).json()
    for outcome in ("approve", "decline"):
        asked = {"outcome": outcome, "reason": "called", "author": "A. Officer"}
        answer = deciding.post(f"{path}/review", json=asked)
        assert answer.status_code == 201
        kept = answer.json()
        assert kept["record"] == before["record"]
        assert kept["outcome"] == outcome
        last = kept["reviews"][-1]
        assert {name: last[name] for name in asked} == asked
        assert last["actor"] == "local"
    assert [review["outcome"] for review in kept["reviews"]] == ["approve", "decline"]
    listed = deciding.get(f"/decisions?customer_id={NOT_SCORED[0]}").json()
    assert listed["decisions"] == [told | {"outcome": "decline"}]


@pytest.mark.parametrize(
    ("change", "status", "fields"),
    [
        ({"reason": None}, 422, ["reason"]),
        ({"author": None}, 422, ["author"]),
        ({"reason": "  "}, 422, ["reason"]),
        ({"author": ""}, 422, ["author"]),
        ({"outcome": "refer"}, 422, ["outcome"]),
    ],
)
def test_a_review_needs_an_outcome_a_reason_and_an_author(
    deciding: Client, change: Answer, status: int, fields: list[str]
) -> None:
    decision_id = decide(deciding, NOT_SCORED[0])["decision_id"]
    given = {"outcome": "approve", "reason": "called", "author": "A. Officer"} | change
    body = {name: value for name, value in given.items() if value is not None}
    path = f"/decisions/{decision_id}/review"
    assert refusal(deciding, path, body)[::2] == (status, fields)
    assert deciding.get("/reviews").json()["decisions"] != []


def test_referrals_wait_for_a_person_page_by_page(deciding: Client) -> None:
    waiting = [decide(deciding, "it's")["decision_id"] for _ in range(5)]
    body = {"outcome": "approve", "reason": "called", "author": "A. Officer"}
    deciding.post(f"/decisions/{waiting[1]}/review", json=body)
    del waiting[1]
    seen: list[str] = []
    after = ""
    while True:
        page = deciding.get(f"/reviews?limit=3{after}").json()
        seen += [row["decision_id"] for row in page["decisions"]]
        if page["next_after"] is None:
            break
        after = f"&after={page['next_after']}"
    assert seen == waiting
    newest_first = deciding.get("/decisions?customer_id=it%27s&limit=2").json()
    assert newest_first["next_after"] == waiting[-2]


@pytest.mark.parametrize(
    "path",
    [
        "/decisions/nothing",
        "/decisions/%2f%27%F0%9F%98%80",
        f"/decisions/{'x' * 10_000}",
        "/decisions?customer_id=c&after=nothing",
        "/reviews?after=nothing",
    ],
)
def test_an_unknown_decision_is_told(deciding: Client, path: str) -> None:
    assert deciding.get(path).status_code == 404


def test_a_damaged_record_is_told_and_never_answered(
    deciding: Client, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = decide(deciding, "CustomerId_1", idempotency_key="k")
    (log,) = (data_dir / "decisions").glob("*.jsonl")
    log.write_bytes(log.read_bytes().replace(b'"amount":null', b'"amount":7.55'))
    path = f"/decisions/{told['decision_id']}"
    for answer in (
        deciding.get(path),
        deciding.post(f"{path}/replay"),
        deciding.post(
            "/decisions", json={"customer_id": "CustomerId_1", "idempotency_key": "k"}
        ),
    ):
        assert answer.status_code == 500
        assert "python -m api verify" in answer.json()["detail"]
    damaged = [line for line in caplog.messages if "is damaged" in line]
    assert damaged == [
        f"the record at byte 0 of the log {log.stem} of decisions is damaged"
    ] * len(damaged)
    assert len(damaged) >= 3
    assert "CustomerId_1" not in caplog.text


def test_lists_skip_a_damaged_record_and_name_it(
    deciding: Client, data_dir: Path
) -> None:
    ids = [decide(deciding, "it's", amount=n)["decision_id"] for n in (1, 2, 3)]
    (log,) = (data_dir / "decisions").glob("*.jsonl")
    log.write_bytes(log.read_bytes().replace(b'"amount":2.0', b'"amount":9.0'))
    for path, order in (
        ("/reviews?", ids),
        ("/decisions?customer_id=it's&", ids[::-1]),
    ):
        page = deciding.get(f"{path}limit=2").json()
        assert [row["decision_id"] for row in page["decisions"]] == order[:1]
        assert page["damaged"] == [ids[1]]
        assert page["next_after"] == ids[1]
        rest = deciding.get(f"{path}after={ids[1]}").json()
        assert [row["decision_id"] for row in rest["decisions"]] == order[2:]
        assert rest["damaged"] == []


def test_replay_names_what_is_missing(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published / "releases", tmp_path / "releases")
    release_id = current_release_id(tmp_path / "releases") or ""
    folder = tmp_path / "releases" / release_id
    with TestClient(create_app(Settings(data_dir=tmp_path))) as client:
        path = f"/decisions/{decide(client, 'CustomerId_1')['decision_id']}/replay"

        def problem() -> str:
            answer = client.post(path).json()
            assert answer["identical"] is False
            return str(answer["problem"])

        assert client.post(path).json()["identical"] is True
        scorecard = folder / "scorecard.json"
        right = scorecard.read_bytes()
        scorecard.write_bytes(right + b" ")
        assert problem().startswith(f"scorecard.json of release {release_id} is not")
        write_manifest(folder)
        assert "manifest.json" in problem()
        assert "the record says" in problem()
        os.remove(folder / "manifest.json")  # noqa: PTH107
        assert problem() == (
            f"release {release_id} is missing: there is no manifest.json of it"
        )
