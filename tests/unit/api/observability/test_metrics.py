"""What Prometheus reads, read by its grammar."""

import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.observability import metrics, report
from api.observability.metrics import BOUNDS, RequestMetrics
from api.settings import Settings
from tests.unit.api.conftest import Client
from tests.unit.api.decisions.conftest import wait_until

README = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
SAMPLE = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)"
    r'\{(?P<labels>(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\} '
    r"(?P<value>[0-9.e+-]+)"
)
SUFFIX = re.compile(r"_(bucket|sum|count)$")


def samples_of(text: str) -> dict[tuple[str, frozenset[str]], float]:
    """Read an exposition; every line has to be of the format."""
    kinds: dict[str, str] = {}
    samples = {}
    for line in text.splitlines():
        if line.startswith("# "):
            _, what, name, _ = line.split(" ", 3)
            if what == "TYPE":
                assert name not in kinds, "a family comes twice"
                kinds[name] = line.rsplit(" ", 1)[1]
            continue
        found = SAMPLE.fullmatch(line)
        assert found, line
        family = found["name"]
        if kinds.get(family) is None:
            family = SUFFIX.sub("", family)
            assert kinds[family] == "histogram"
        labels = frozenset(re.findall(r'\w+="[^"]*"', found["labels"]))
        key = (found["name"], labels - {f'worker="{os.getpid()}"'})
        assert key not in samples, "a sample comes twice"
        samples[key] = float(found["value"])
    assert text.endswith("\n")
    return samples


def scrape(client: Client) -> dict[tuple[str, frozenset[str]], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return samples_of(answer.text)


def test_requests_are_counted_by_route(published: Path) -> None:
    with TestClient(create_app(Settings(data_dir=published))) as client:
        for _ in range(3):
            client.get("/customers/CustomerId_0/score")
        client.get("/customers/Nobody_1/score")
        found = scrape(client)
    route = 'route="/customers/{customer_id}/score"'
    for status, number in (("200", 3.0), ("404", 1.0)):
        labels = frozenset({route, 'method="GET"', f'status="{status}"'})
        assert found["bati_requests_total", labels] == number
    timed = frozenset({route, 'method="GET"'})
    assert found["bati_request_duration_seconds_count", timed] == 4.0
    ends = [*map(str, BOUNDS), "+Inf"]
    buckets = [
        found["bati_request_duration_seconds_bucket", timed | {f'le="{end}"'}]
        for end in ends
    ]
    assert buckets == sorted(buckets)
    assert buckets[-1] == 4.0
    assert found["bati_requests_in_flight", frozenset()] == 1.0
    assert not any("Nobody_1" in label for _, labels in found for label in labels)


def test_the_release_and_the_age_of_its_snapshot(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.controllers.metrics.utc_today", lambda: date(2019, 3, 1))
    found = scrape(client)
    (labels,) = [labels for name, labels in found if name == "bati_release_info"]
    assert 'snapshot_date="2019-02-14"' in labels
    assert found["bati_snapshot_age_days", frozenset()] == 15.0


def test_without_a_release(client_without_release: Client) -> None:
    names = {name for name, _ in scrape(client_without_release)}
    assert "bati_release_info" not in names
    assert "bati_snapshot_age_days" not in names


def test_scores_and_decisions_are_counted_by_action(
    published: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SCORES", "DECISIONS"):
        monkeypatch.setattr(report, name, getattr(metrics, name))
        getattr(metrics, name).clear()
    settings = Settings(data_dir=published, decisions_path=tmp_path)
    with TestClient(create_app(settings)) as client:
        scored = client.get("/customers/CustomerId_0/score").json()["action"]
        decided = client.post("/decisions", json={"customer_id": "CustomerId_0"})
        assert decided.is_success
        again = {"customer_id": "CustomerId_0", "idempotency_key": "once only"}
        for _ in range(2):
            assert client.post("/decisions", json=again).is_success
        found = scrape(client)
    of_score = frozenset({f'action="{scored}"'})
    assert found["bati_scores_total", of_score] == 1.0
    of_decision = frozenset({f'action="{decided.json()["action"]}"'})
    assert found["bati_decisions_total", of_decision] == 2.0


def test_records_that_are_refused_are_counted(published: Path, tmp_path: Path) -> None:
    not_a_folder = tmp_path / "decisions"
    not_a_folder.touch()
    settings = Settings(data_dir=published, decisions_path=not_a_folder)
    with TestClient(create_app(settings)) as client:
        before = scrape(client)
        for _ in range(2):
            refused = client.post("/decisions", json={"customer_id": "CustomerId_0"})
            assert refused.status_code == 503
        after = scrape(client)
    names = ("bati_records_refused_total", "bati_recording_works")
    assert [before[name, frozenset()] for name in names] == [0.0, 1.0]
    assert [after[name, frozenset()] for name in names] == [2.0, 0.0]


ALARMS = ("degraded", "release_refused", "decisions_stopped", "data_warning")


def alarms(client: Client) -> list[str]:
    """Give the alarms that are on; all of them are there, at 0 or 1."""
    found = scrape(client)
    values = {name: found[f"bati_{name}", frozenset()] for name in ALARMS}
    assert set(values.values()) <= {0.0, 1.0}
    return [name for name, value in values.items() if value]


def test_a_stopped_or_warned_of_process_raises_the_alarm(release_copy: Path) -> None:
    data_dir = release_copy.parents[1]
    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        assert alarms(client) == ["data_warning"]
        (data_dir / "DISABLED").touch()
        assert alarms(client) == ["decisions_stopped", "data_warning"]


@pytest.mark.parametrize(
    ("days", "expected"), [(30, ["decisions_stopped"]), (36_500, [])]
)
def test_a_limit_of_age_stops_or_lets_decide(
    published: Path, days: int, expected: list[str]
) -> None:
    settings = Settings(data_dir=published, max_snapshot_age_days=days)
    with TestClient(create_app(settings)) as client:
        assert alarms(client) == expected


def test_a_release_that_is_refused_raises_the_alarm(release_copy: Path) -> None:
    data_dir = release_copy.parents[1]
    settings = Settings(data_dir=data_dir, max_snapshot_age_days=36_500)
    with TestClient(create_app(settings)) as client:
        assert alarms(client) == []
        (data_dir / "releases" / "CURRENT").write_text("damaged\n")
        wait_until(lambda: alarms(client) == ["degraded", "release_refused"])
        (data_dir / "releases" / "CURRENT").write_text(f"{release_copy.name}\n")
        wait_until(lambda: alarms(client) == [])


def test_without_a_release_nothing_is_decided(client_without_release: Client) -> None:
    expected = ["degraded", "release_refused", "decisions_stopped"]
    assert alarms(client_without_release) == expected


def test_what_cannot_be_recorded_is_degraded(published: Path, tmp_path: Path) -> None:
    not_a_folder = tmp_path / "decisions"
    not_a_folder.touch()
    settings = Settings(
        data_dir=published, decisions_path=not_a_folder, max_snapshot_age_days=36_500
    )
    with TestClient(create_app(settings)) as client:
        client.post("/decisions", json={"customer_id": "CustomerId_0"})
        assert alarms(client) == ["degraded"]


def test_every_alarm_is_told_in_the_readme() -> None:
    row = next(line for line in README.splitlines() if line.startswith("| `GET /metr"))
    for name in (*ALARMS, "recording_works", "snapshot_age_days"):
        assert f"`bati_{name}`" in row


def test_a_duration_on_a_bound_belongs_to_its_bucket() -> None:
    timed = RequestMetrics()
    for seconds in (BOUNDS[0], BOUNDS[0] + 1e-9, 1_000.0):
        timed.add("/x", "GET", 200, seconds=seconds)
    counts = {
        labels["le"]: value
        for suffix, labels, value in timed.durations()
        if suffix == "_bucket"
    }
    assert Counter(counts.values()) == {1.0: 1, 2.0: len(BOUNDS) - 1, 3.0: 1}
    assert (counts[str(BOUNDS[0])], counts["+Inf"]) == (1.0, 3.0)
