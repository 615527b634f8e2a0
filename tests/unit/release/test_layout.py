"""Order and removal of releases."""

import json
from pathlib import Path

import pytest

from release import layout


@pytest.fixture
def releases_dir(tmp_path: Path) -> Path:
    """Give a folder with five releases, r1 the oldest."""
    for number in range(1, 6):
        folder = tmp_path / f"r{number}"
        folder.mkdir()
        manifest = {"created_at": f"2026-01-0{number}T00:00:00+00:00", "files": {}}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_the_newest_are_kept(releases_dir: Path) -> None:
    layout.point_to(releases_dir, "r5")
    assert layout.remove_old_releases(releases_dir, kept=2) == ["r3", "r2", "r1"]
    assert layout.releases_newest_first(releases_dir) == ["r5", "r4"]


def test_the_current_release_is_never_removed(releases_dir: Path) -> None:
    layout.point_to(releases_dir, "r1")
    assert layout.remove_old_releases(releases_dir, kept=2) == ["r3", "r2"]
    assert layout.releases_newest_first(releases_dir) == ["r5", "r4", "r1"]


def test_a_release_without_a_readable_manifest_counts_as_the_oldest(
    releases_dir: Path,
) -> None:
    (releases_dir / "r5" / "manifest.json").write_text("{")
    layout.point_to(releases_dir, "r4")
    assert layout.remove_old_releases(releases_dir, kept=4) == ["r5"]


def test_a_missing_file_is_damage(releases_dir: Path) -> None:
    manifest = {"files": {"scorecard.json": {"sha256": "0", "bytes": 1}}}
    (releases_dir / "r1" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(layout.ReleaseError, match=r"scorecard\.json is not the file"):
        layout.verify(releases_dir / "r1")


def test_an_empty_pointer_names_nothing(releases_dir: Path) -> None:
    (releases_dir / "CURRENT").write_text("\n")
    assert layout.current_release_id(releases_dir) is None
