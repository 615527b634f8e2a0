"""Which files a run reads, and when it must not simulate."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.sources import find_transactions

Reader = Callable[[str], list[str]]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in box [1]"
    (folder / "sub").mkdir(parents=True)
    for name in ("b.csv", "a.csv.gz", "c.PARQUET", "notes.txt", "sub/d.csv"):
        (folder / name).touch()
    return folder


@pytest.fixture
def found(settings: Settings, inbox: Path) -> Reader:
    def read(path: str) -> list[str]:
        given = replace(settings, transactions_path=f"{inbox.parent}/{path}")
        files = find_transactions(given)
        return [str(file.relative_to(inbox)) for file in files]

    return read


def test_nothing_given_is_nothing_found(settings: Settings) -> None:
    assert find_transactions(settings) == []


def test_the_raw_folder_is_read_but_nothing_hidden(settings: Settings) -> None:
    (settings.raw / ".old").mkdir(parents=True)
    names = ("b.parquet", "a.csv", ".old/c.csv", "README.md", ".d.csv.swp", "_SUCCESS")
    for name in names:
        (settings.raw / name).touch()
    names = [file.name for file in find_transactions(settings)]
    assert names == ["a.csv", "b.parquet"]


@pytest.mark.parametrize("beside", [[], ["jan.csv"]])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ledger.xlsx", r"raw/ledger\.xlsx is no \.csv, .* move it out of"),
        ("feb.csv.zip", r"raw/feb\.csv\.zip is no \.csv"),
        ("2019/feb.csv", r"raw/2019/feb\.csv lies in a folder of .*/raw, where"),
        ("2019/02/feb.xlsx", r"raw/2019/02/feb\.xlsx lies in a folder of"),
    ],
)
def test_a_file_that_would_not_be_read_stops(
    name: str, message: str, beside: list[str], settings: Settings
) -> None:
    (settings.raw / "2019" / "02").mkdir(parents=True)
    for file in (name, *beside):
        (settings.raw / file).touch()
    with pytest.raises(PipelineError, match=message):
        find_transactions(settings)


@pytest.mark.parametrize(
    ("path", "files"),
    [
        ("in box [1]", ["a.csv.gz", "b.csv", "c.PARQUET"]),
        ("in box [1]/b.csv", ["b.csv"]),
        ("in box*/*.csv", ["b.csv"]),
        ("in box*/**/*.csv", ["b.csv", "sub/d.csv"]),
        ("in box*/*", ["a.csv.gz", "b.csv", "c.PARQUET"]),
    ],
)
def test_a_file_a_folder_or_a_glob(path: str, files: list[str], found: Reader) -> None:
    assert found(path) == files


def test_a_given_path_comes_before_the_raw_folder(
    settings: Settings, found: Reader
) -> None:
    settings.raw.mkdir()
    (settings.raw / "raw.csv").touch()
    assert found("in box [1]/b.csv") == ["b.csv"]


@pytest.mark.parametrize("path", ["none.csv", "none/*.csv", "in box [1]/notes.txt"])
def test_a_given_path_without_transactions_is_an_error(
    path: str, found: Reader
) -> None:
    with pytest.raises(PipelineError, match=r"TRANSACTIONS_PATH=.*unset it"):
        found(path)
