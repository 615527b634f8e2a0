"""What stops a landing: one line that names the file, and nothing is half written."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.unit.landing.macros import Landing, LandingError

HEADER = b"CustomerId,Amount,TransactionStartTime\n"
GOOD = HEADER + b"C,1,2019-01-01\n"
OUTCOMES = b"CustomerId,DefaultedAt\n"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """A landing with one good file landed."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "outcomes").mkdir()
    (tmp_path / "raw" / "good.csv").write_bytes(GOOD)
    landing = Landing(tmp_path)
    landing.run()
    return landing


def tables(landing: Landing) -> list[object]:
    return [
        landing.query(f"select * exclude (landed_at) from raw.{table} order by all")  # noqa: S608
        for table in ("transactions", "rejected_rows", "files")
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bad.csv", b"", "bad.csv is empty"),
        ("bad.csv", b"\n\r\n", "bad.csv is empty"),
        ("bad.csv", b"CustomerId,Amount\nC,1\n", "bad.csv has no column Trans"),
        ("bad.csv", HEADER.replace(b",", b";"), "separated by semicolons"),
        ("bad.csv", HEADER.replace(b",", b"\t"), "separated by tabs"),
        ("bad.csv", b"amount," + HEADER, "bad.csv has the column Amount twice"),
        ("bad.csv", b"\xff," + HEADER, "header line that is not UTF-8"),
        ("bad.csv", b'"' + HEADER, "header line that has an unclosed quote"),
        ("bad.csv", HEADER.decode().encode("utf-16"), "bad.csv"),
        ("bad.parquet", b"PAR1 this is not one", "bad.parquet"),
        ("bad.parquet", b"", "bad.parquet"),
        ("bad.csv.gz", b"this is not one", "bad.csv.gz"),
        ("bad.csv.gz", gzip.compress(GOOD * 9000)[:-3000], "bad.csv.gz"),
    ],
)
def test_a_file_that_is_none_stops(
    landing: Landing, name: str, content: bytes, message: str
) -> None:
    before = tables(landing)
    folder = landing.data_dir / "raw"
    (folder / "another.csv").write_bytes(GOOD)
    (folder / name).write_bytes(content)
    with pytest.raises((LandingError, duckdb.Error)) as stopped:
        landing.run()
    assert message in str(stopped.value).splitlines()[0]
    assert tables(landing) == before
    (folder / name).unlink()
    landing.run()
    assert landing.query("select count(*) from raw.transactions") == [(2,)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("feb.xlsx", "raw/feb.xlsx is no .csv, .csv.gz or .parquet file"),
        ("feb.gz", "raw/feb.gz is no .csv, .csv.gz or .parquet file"),
        ("2019/feb.csv", "raw/2019/feb.csv lies in a folder of"),
        ("2019/.feb/feb.csv", None),
        (".feb.csv.swp", None),
        ("README.md", None),
        ("_SUCCESS", None),
    ],
)
def test_a_file_that_would_not_be_read_stops(
    landing: Landing, name: str, message: str | None
) -> None:
    file = landing.data_dir / "raw" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(GOOD)
    if message is None:
        landing.run()
        return
    with pytest.raises(LandingError) as stopped:
        landing.run()
    assert message in str(stopped.value)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Customer,DefaultedAt\nC,2019-01-01\n", "bad.csv has no column CustomerId"),
        (b"CustomerId;DefaultedAt\nC;2019-01-01\n", "separated by semicolons"),
        (OUTCOMES + b"C,2019-01-01\nC,soon\n", "bad.csv, row 2: DefaultedAt is no ISO"),
        (
            OUTCOMES + b"C,\n",
            "bad.csv, row 1: DefaultedAt is no ISO 8601 time: (empty)",
        ),
        (OUTCOMES + b"C,1970-01-01\n", "bad.csv, row 1: DefaultedAt is before"),
        (OUTCOMES + b"C,2099-01-01\n", "bad.csv, row 1: DefaultedAt is before"),
        (OUTCOMES + b" ,2019-01-01\n", "bad.csv, row 1: CustomerId is empty"),
        (OUTCOMES + b"C,2019-01-01,x\n", "bad.csv, row 1: it has more or fewer fields"),
        (OUTCOMES + b'"C,2019-01-01\n', "bad.csv, row 1: it has more or fewer fields"),
        (OUTCOMES + b"\xff,2019-01-01\n", "bad.csv, row 1: it is not UTF-8"),
    ],
)
def test_an_outcome_that_cannot_be_read_stops(
    landing: Landing, content: bytes, message: str
) -> None:
    (landing.data_dir / "outcomes" / "bad.csv").write_bytes(content)
    with pytest.raises(LandingError) as stopped:
        landing.run()
    assert message in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert landing.query("select count(*) from raw.outcomes") == [(0,)]


def test_unknown_customers_are_told(landing: Landing) -> None:
    (landing.data_dir / "outcomes" / "a.csv").write_bytes(
        OUTCOMES + b"C,2019-02-01\nc,2019-02-01\n"
    )
    landing.run()
    (warning,) = landing.warnings
    assert "1 of 2 outcomes" in warning
    assert 'a.csv, row 2: "c"' in warning
    assert landing.query("select CustomerId, source_row from raw.outcomes") == [
        ("C", 1),
        ("c", 2),
    ]

    (landing.data_dir / "outcomes" / "a.csv").write_bytes(OUTCOMES + b"c,2019-02-01\n")
    landing.variables["label_source"] = "observed"
    with pytest.raises(LandingError, match="these are outcomes of other customers"):
        landing.run()


def test_simulated_outcomes_are_read_only_beside_simulated_transactions(
    tmp_path: Path,
) -> None:
    """A customer of the bank may have the id of a simulated one."""
    folder = tmp_path / "simulated"
    folder.mkdir()
    (folder / "outcomes.csv").write_bytes(OUTCOMES + b"C,2019-02-01\n")
    duckdb.execute(
        "copy (select 'C' as CustomerId, 1.0 as Amount, '2019-01-01' as"
        f" TransactionStartTime) to '{folder / 'transactions.parquet'}'"
    )
    landed = "select CustomerId, source_file from raw.outcomes"
    simulated = Landing(tmp_path)
    simulated.run()
    assert simulated.query(landed) == [("C", "outcomes.csv")]

    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "good.csv").write_bytes(GOOD)
    own = Landing(tmp_path)
    own.run()
    assert own.query(landed) == []


def change(path: Path) -> None:
    path.write_bytes(HEADER + b"D,2,2019-01-02\nD,x,2019-01-02\n")


def touch(path: Path) -> None:
    os.utime(path, ns=(0, 1_500_000_000_123_456_000))


def move(path: Path) -> None:
    path.rename(path.with_name("moved.csv"))


@pytest.mark.parametrize(
    ("happens", "customers", "rejected", "names"),
    [
        (change, ["D", "E"], 1, ["good.csv", "stays.csv"]),
        (touch, ["C", "E"], 0, ["good.csv", "stays.csv"]),
        (move, ["C", "E"], 0, ["moved.csv", "stays.csv"]),
        (Path.unlink, ["E"], 0, ["stays.csv"]),
    ],
)
def test_a_file_that_changes_or_goes_takes_its_rows_along(
    landing: Landing,
    happens: Callable[[Path], None],
    customers: list[str],
    rejected: int,
    names: list[str],
) -> None:
    folder = landing.data_dir / "raw"
    (folder / "stays.csv").write_bytes(HEADER + b"E,1,2019-01-01\n")
    landing.run()
    happens(folder / "good.csv")
    landing.run()
    of_rows = "select CustomerId from raw.transactions order by 1"
    assert landing.query(of_rows) == [(customer,) for customer in customers]
    assert landing.query("select count(*) from raw.rejected_rows") == [(rejected,)]
    of_files = "select source_file from raw.files order by 1"
    assert landing.query(of_files) == [(name,) for name in names]


def test_a_file_that_is_still_written_to_is_not_half_landed(landing: Landing) -> None:
    before = tables(landing)
    new = landing.data_dir / "raw" / "new.csv"
    new.write_bytes(GOOD)

    def write_meanwhile(statement: str) -> None:
        if "insert into raw.transactions" in statement:
            with new.open("ab") as file:
                file.write(b"C,2,2019-01-02\n")

    landing.before_query = write_meanwhile
    with pytest.raises(LandingError, match=r"new\.csv changed while it was being read"):
        landing.run()
    assert tables(landing) == before


def test_a_thousand_small_files_take_seconds(landing: Landing) -> None:
    for number in range(1000):
        path = landing.data_dir / "raw" / f"{number}.csv"
        path.write_bytes(HEADER + b"C,%d,2019-01-01\nC,x,2019-01-01\n" % number)
    start = time.perf_counter()
    landing.run()
    assert time.perf_counter() - start < 30
    assert landing.query("select count(*) from raw.transactions") == [(1001,)]
    assert landing.query("select count(*) from raw.rejected_rows") == [(1000,)]
