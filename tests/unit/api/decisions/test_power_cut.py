"""A name in a folder is on disk before a record behind it is acknowledged.

A flushed file whose name was not flushed is gone after a power cut, and with it every
decision in it. No test cuts the power: these watch the order of the flushes.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from api.decisions import log
from tests.unit.api.decisions.conftest import decision, write_all


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what is flushed, in order: folders by path, contents of files as data."""
    noted: list[str] = []
    flush_folder, flush_data = log.flush_folder, os.fdatasync

    def note_folder(folder: Path) -> None:
        noted.append(str(folder))
        flush_folder(folder)

    def note_data(handle: int) -> None:
        noted.append("data")
        flush_data(handle)

    monkeypatch.setattr(log, "flush_folder", note_folder)
    monkeypatch.setattr(os, "fdatasync", note_data)
    return noted


def names_before_data(flushed: list[str]) -> list[str]:
    """Return the folders that were flushed before the first record was."""
    assert flushed.count("data") == 1
    return flushed[: flushed.index("data")]


def test_every_new_folder_and_the_log_are_named(
    tmp_path: Path, flushed: list[str]
) -> None:
    folder = tmp_path / "bank" / "records" / "decisions"
    write_all(folder, [decision()])
    above = {str(path) for path in (folder.parent, folder.parents[1], tmp_path)}
    assert {str(folder), *above} == set(names_before_data(flushed))


def test_another_log_is_named_too(tmp_path: Path, flushed: list[str]) -> None:
    folder = tmp_path / "decisions"
    write_all(folder, [decision()])
    flushed.clear()
    write_all(folder, [decision()])
    assert len(log.writers_in(folder)) == 2
    # That of the folder itself, as another process may just have made it.
    assert names_before_data(flushed) == [str(folder), str(tmp_path)]


def test_a_folder_above_that_cannot_be_flushed_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "decisions"
    folder.mkdir()
    flush_folder = log.flush_folder

    def refuse(path: Path) -> Any:  # noqa: ANN401 (as what it stands for)
        if path == tmp_path:
            raise OSError(22, "Invalid argument")
        return flush_folder(path)

    monkeypatch.setattr(log, "flush_folder", refuse)
    assert write_all(folder, [decision()])[0].record_hash
