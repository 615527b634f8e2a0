"""Listing releases, and going back to an earlier one."""

import json
from pathlib import Path

import pytest

from release import cli
from release.layout import current_release_id, point_to


@pytest.fixture
def releases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give three releases, the last one damaged and the second one current."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    folder = tmp_path / "releases"
    for day, release_id in enumerate(("first", "second", "third"), 1):
        (folder / release_id).mkdir(parents=True)
        manifest = {
            "created_at": f"2026-11-0{day}T10:00:00+00:00",
            "customers": 1_000 * day,
            "data": "raw",
            "promotion": {
                "rule": "bootstrap",
                "approver": None,
                "promoted_at": "2026-11-01T09:00:00",
            },
            "files": {},
        }
        (folder / release_id / "manifest.json").write_text(json.dumps(manifest))
    missing = {"customers.duckdb": {"sha256": "0"}}
    damaged = manifest | {"files": missing}
    (folder / "third" / "manifest.json").write_text(json.dumps(damaged))
    (folder / "broken").mkdir()
    (folder / "broken" / "manifest.json").write_text("{")
    point_to(folder, "second")
    return folder


@pytest.mark.usefixtures("releases_dir")
def test_list_is_newest_first_and_marks_the_current(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:8].split()[-1] for line in lines] == [
        "third",
        "second",
        "first",
        "broken",
    ]
    assert [line[0] for line in lines] == [" ", "*", " ", " "]
    assert "published 2026-11-02T10:00:00 UTC, 2,000 customers, raw data" in lines[1]
    assert "by rule bootstrap" in lines[1]
    assert lines[3].endswith("damaged: its manifest cannot be read")


def test_rollback_goes_to_the_one_before(
    releases_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rollback"]) == 0
    assert current_release_id(releases_dir) == "first"
    assert capsys.readouterr().out.startswith("current: first; ")


def test_rollback_to_a_named_one(releases_dir: Path) -> None:
    assert cli.main(["rollback", "first"]) == 0
    assert cli.main(["rollback", "second"]) == 0
    assert current_release_id(releases_dir) == "second"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("third", "customers.duckdb is not the file that its manifest names"),
        ("nothing", "has no release nothing; python -m release list names them"),
        ("../second", "has no release ../second"),
    ],
)
def test_rollback_refuses_what_cannot_serve(
    releases_dir: Path, capsys: pytest.CaptureFixture[str], wanted: str, message: str
) -> None:
    assert cli.main(["rollback", wanted]) == 1
    assert current_release_id(releases_dir) == "second"
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_there_is_nothing_before_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert cli.main(["list"]) == 0
    assert "has no release" in capsys.readouterr().out
    assert cli.main(["rollback"]) == 1
    assert "check DATA_DIR" in capsys.readouterr().err
