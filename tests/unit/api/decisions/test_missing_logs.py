"""Logs that are cut or gone are missed, also when the index is made again."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.cli import main
from api.decisions.index import Index
from api.decisions.records import read
from api.decisions.verify import BrokenChainError, verify
from tests.unit.api.decisions.conftest import decision, review, write_all
from tests.unit.api.decisions.test_missing_index import remove_index


def make_index_again(folder: Path) -> None:
    remove_index(folder)
    index = Index(folder)
    index.recover()
    index.close()


def log_of(folder: Path, records: int) -> Path:
    """Write a log and return its file."""
    made = write_all(folder, [decision() for _ in range(records)])
    return folder / f"{made[0].writer}.jsonl"


def cut(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-3]))


def test_without_an_index_verify_says_what_it_cannot_see(tmp_path: Path) -> None:
    write_all(tmp_path, [decision()])
    remove_index(tmp_path)
    assert "records cut off at the end of a log are not seen" in str(verify(tmp_path))
    assert not (tmp_path / "index.sqlite").exists()


def test_with_an_index_made_again_verify_says_what_it_cannot_see(
    tmp_path: Path,
) -> None:
    path = log_of(tmp_path, 8)
    assert "not seen" not in str(verify(tmp_path))
    cut(path)
    make_index_again(tmp_path)
    for _ in range(2):
        said = str(verify(tmp_path))
        assert said.startswith("5 records in 1 logs")
        assert "as the index was made again, missing logs and records cut" in said
        write_all(tmp_path, [])


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (cut, "record 6: the index or another log knows other records here"),
        (Path.unlink, "is gone, the index or another log knows it"),
    ],
)
@pytest.mark.parametrize("rebuild", [remove_index, make_index_again])
def test_a_later_log_misses_what_was_cut(
    tmp_path: Path,
    damage: Callable[[Path], None],
    found: str,
    rebuild: Callable[[Path], None],
) -> None:
    path = log_of(tmp_path, 8)
    log_of(tmp_path, 1)
    damage(path)
    rebuild(tmp_path)
    with pytest.raises(BrokenChainError, match=f"{path.name}.* {found}"):
        verify(tmp_path)


@pytest.mark.parametrize("rebuild", [lambda _: None, make_index_again])
def test_the_end_of_a_log_is_named_once(
    tmp_path: Path, rebuild: Callable[[Path], None]
) -> None:
    first, second = log_of(tmp_path, 2), log_of(tmp_path, 1)
    rebuild(tmp_path)
    (third,) = write_all(tmp_path, [review(read(second.read_bytes()).decision_id)])
    (named,) = third.other_logs or ()
    assert (named.writer, named.size) == (second.stem, second.stat().st_size)
    assert named.record_hash == read(second.read_bytes()).record_hash
    lines = first.read_bytes().splitlines() + second.read_bytes().splitlines()
    says = [json.loads(line).get("other_logs") for line in lines]
    assert says[:2] == [None, None]
    assert [end["writer"] for end in says[2]] == [first.stem]
    assert verify(tmp_path).records == 4


def test_an_index_of_earlier_days_is_read_and_used(tmp_path: Path) -> None:
    log_of(tmp_path, 2)
    with closing(sqlite3.connect(tmp_path / "index.sqlite")) as connection:
        connection.execute("drop table rebuilds")
        connection.execute("drop table named_ends")
    assert "not seen" not in str(verify(tmp_path))
    log_of(tmp_path, 2)
    assert str(verify(tmp_path)).startswith("4 records in 2 logs")


def test_a_folder_that_is_missing_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    assert main(["verify"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "elsewhere/decisions is missing: no decision was ever recorded" in said.err
    assert said.err.count("\n") == 1
