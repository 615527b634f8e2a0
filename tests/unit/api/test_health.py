"""What the process says about itself."""

from pathlib import Path

import pytest

from tests.unit.api.conftest import Client
from tests.unit.release.example_warehouse import MODEL_VERSION


def test_health_with_a_release(client: Client, published: Path) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    release_id = (published / "releases" / "CURRENT").read_text().strip()
    body = answer.json()
    assert body.pop("data_warning").startswith("the data are of 2019-02-14, ")
    assert body == {
        "status": "ok",
        "model_loaded": True,
        "model_name": "credit_scoring_model",
        "model_version": MODEL_VERSION,
        "release_id": release_id,
        "snapshot_date": "2019-02-14",
        "data": "simulated",
        "problem": None,
        "recording_problem": None,
        "decisions_refused": None,
    }
    ready = client.get("/ready")
    assert (ready.status_code, ready.json()["release_id"]) == (200, release_id)


def test_health_without_a_release(client_without_release: Client) -> None:
    answer = client_without_release.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    assert (body.pop("status"), body.pop("model_loaded")) == ("degraded", False)
    assert "make run (python -m release) writes one" in body.pop("problem")
    assert "make run" in body.pop("decisions_refused")
    assert set(body.values()) == {None}
    assert client_without_release.get("/ready").status_code == 503


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_head_is_answered_as_get_without_the_body(client: Client, path: str) -> None:
    assert_same_head(client, path, status=200)


def test_head_says_that_it_is_not_ready(client_without_release: Client) -> None:
    assert_same_head(client_without_release, "/ready", status=503)


def assert_same_head(client: Client, path: str, *, status: int) -> None:
    # A problem tells the id of its request.
    named = {"X-Request-ID": "4bf92f3577b34da6a3ce929d0e0e4736"}
    got = client.get(path, headers=named)
    head = client.head(path, headers=named)
    assert (got.status_code, head.status_code) == (status, status)
    assert (head.content, got.content != b"") == (b"", True)
    assert head.headers == got.headers
    assert head.headers["content-length"] == str(len(got.content))


def test_head_of_anything_else_is_not_allowed(client: Client) -> None:
    assert client.head("/metrics").status_code == 405
