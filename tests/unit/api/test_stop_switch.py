"""What stops decisions, and that it stops nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from litestar.testing import TestClient

from api.app import create_app
from api.settings import Settings
from api.stop_switch import OLD_AFTER_DAYS, StopSwitch
from tests.unit.training.generated import SEEDS


@pytest.mark.parametrize("folder", [".", "releases"])
def test_a_file_stops_decisions_at_once(release_copy: Path, folder: str) -> None:
    data_dir = release_copy.parents[1]
    switch = data_dir / folder / "DISABLED"
    with TestClient(create_app(Settings(data_dir=data_dir))) as client:
        switch.write_text("\n model under review, ask Ada\nmore\n")
        health = client.get("/health").json()
        assert health["status"] == "ok"
        assert health["decisions_refused"] == (
            "decisions are switched off: model under review, ask Ada"
        )
        assert client.get("/customers/CustomerId_0/score").status_code == 200
        switch.write_text("")
        assert "DISABLED exists" in client.get("/health").json()["decisions_refused"]
        switch.unlink()
        assert client.get("/health").json()["decisions_refused"] is None


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("gone")])
def test_whatever_has_the_name_stops_decisions(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    switch = StopSwitch([tmp_path / "DISABLED"])
    assert switch.refusal("2019-02-14") is None
    make(tmp_path / "DISABLED")
    found = switch.refusal("2019-02-14")
    assert found == "decisions are switched off: DISABLED exists"


def test_a_switch_that_cannot_be_seen_stops_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    switch = StopSwitch([tmp_path / "DISABLED"])
    monkeypatch.setattr(Path, "lstat", refuse)
    assert str(switch.refusal("2019-02-14")).endswith(
        "cannot be seen (Permission denied)"
    )


def test_a_folder_that_is_not_there_holds_no_switch(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = [tmp_path / name / "DISABLED" for name in ("nowhere", "file")]
    assert StopSwitch(files).refusal("2019-02-14") is None


@pytest.mark.parametrize(("days", "is_refused"), [(36_500, False), (30, True)])
def test_old_data_decide_nothing(
    published: Path, tmp_path: Path, days: int, is_refused: bool
) -> None:
    (tmp_path / "releases").symlink_to(published / "releases")
    settings = Settings(data_dir=tmp_path, max_snapshot_age_days=days)
    with TestClient(create_app(settings)) as client:
        health = client.get("/health").json()
        assert client.get("/customers/CustomerId_0/score").status_code == 200
        decided = client.post("/decisions", json={"customer_id": "CustomerId_0"})
    assert (health["status"], health["data_warning"]) == ("ok", None)
    refused = health["decisions_refused"]
    assert bool(refused) is is_refused
    assert decided.status_code == (503 if is_refused else 201)
    if is_refused:
        assert "the data are of 2019-02-14, " in refused
        assert decided.json()["detail"] == refused
    assert (tmp_path / "decisions").exists() is not is_refused


def test_any_age_will_do_unless_said_otherwise() -> None:
    assert Settings.from_environment({}).max_snapshot_age_days is None
    environment = {"MAX_SNAPSHOT_AGE_DAYS": "30"}
    assert Settings.from_environment(environment).max_snapshot_age_days == 30
    with pytest.raises(ValueError, match="MAX_SNAPSHOT_AGE_DAYS is 'old'"):
        Settings.from_environment({"MAX_SNAPSHOT_AGE_DAYS": "old"})


def test_old_data_without_a_limit_are_decided_on_and_said_to_be_old(
    published: Path,
) -> None:
    with TestClient(create_app(Settings(data_dir=published))) as client:
        health = client.get("/health").json()
    assert (health["status"], health["decisions_refused"]) == ("ok", None)
    assert "days old, and no limit is set: MAX_SNAPSHOT_AGE" in health["data_warning"]


def test_data_are_old_to_the_api_when_they_are_to_dbt() -> None:
    project = yaml.safe_load((SEEDS.parent / "dbt_project.yml").read_text())
    assert project["vars"]["data_age_warn_days"] == OLD_AFTER_DAYS
