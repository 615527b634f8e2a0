"""What the process says about itself."""

from pathlib import Path

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
