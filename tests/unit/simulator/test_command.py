"""The command: files, bytes, messages and exit codes."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from simulator import Chunk, Parameters, iterate_chunks, latent_creditworthiness
from simulator.cli import main
from simulator.writing import write_chunks

SMALL = ["--customers", "60", "--days", "28"]


READ_PARQUET = "select * from read_parquet(?) order by TransactionId"
READ_CSV = """
    select * replace (
        strftime(TransactionStartTime, '%Y-%m-%dT%H:%M:%SZ') as TransactionStartTime
    )
    from read_csv(?, types = {'TransactionStartTime': 'TIMESTAMP'})
    order by TransactionId
"""


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv", "rows.csv.gz"])
def test_same_arguments_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    content = []
    for folder in ("one", "two"):
        out = tmp_path / folder / name
        outcomes = tmp_path / folder / "outcomes.csv"
        latent = tmp_path / folder / "latent.csv"
        beside = ["--outcomes", str(outcomes), "--latent", str(latent)]
        assert main([*SMALL, "--out", str(out), *beside]) == 0
        content.append((out.read_bytes(), outcomes.read_bytes(), latent.read_bytes()))
        names = {path.name for path in out.parent.iterdir()}
        assert names == {name, "outcomes.csv", "latent.csv"}
    assert content[0] == content[1]
    assert content[0][1].startswith(b"CustomerId,DefaultedAt\n")
    assert content[0][2].startswith(b"CustomerId,Creditworthiness\n")


def test_the_latent_file_is_the_truth_behind_the_transactions(tmp_path: Path) -> None:
    out, latent = tmp_path / "rows.parquet", tmp_path / "latent.csv"
    assert main([*SMALL, "--out", str(out), "--latent", str(latent)]) == 0
    written = duckdb.execute("from read_csv(?)", [str(latent)]).fetchall()
    truth = latent_creditworthiness(customers=60)
    assert written == [tuple(row.values()) for row in truth.to_pylist()]


def test_every_format_holds_the_same_rows(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.parquet", "a.csv", "b.csv.gz", "c.data")]
    for path in paths:
        assert main([*SMALL, "--out", str(path)]) == 0
    assert gzip.decompress(paths[2].read_bytes()) == paths[1].read_bytes()
    assert paths[3].read_bytes() == paths[0].read_bytes()
    parquet = duckdb.execute(READ_PARQUET, [str(paths[0])]).fetchall()
    csv = duckdb.execute(READ_CSV, [str(paths[1])]).fetchall()
    assert parquet == csv
    assert len(parquet) > 60


def test_parquet_has_the_types_of_the_rebuilt_file(tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    main([*SMALL, "--out", str(out)])
    columns = duckdb.execute(READ_PARQUET, [str(out)]).description
    by_type = {name: str(kind) for name, kind, *_ in columns}
    assert by_type["Amount"] == "DOUBLE"
    integers = {name for name, kind in by_type.items() if kind == "BIGINT"}
    assert integers == {"CountryCode", "Value", "PricingStrategy", "FraudResult"}
    texts = {name for name, kind in by_type.items() if kind == "VARCHAR"}
    assert len(texts) == 11


def test_default_file_is_under_data_dir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert main(SMALL) == 0
    out = tmp_path / "data" / "simulated" / "transactions.parquet"
    assert out.is_file()
    message = capsys.readouterr().out
    assert message.count("\n") == 1
    assert str(out) in message


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--customers", "0"], 1, "customers is 0; it must be at least 1"),
        (["--days", "99999"], 1, "days is 99999; it must be from 1 to 1830"),
        (["--signal", "inf"], 1, "signal is inf; it must be from 0 to 2"),
        (["--days", "x"], 2, "argument --days: invalid int value: 'x'"),
        (["--start-date", "15/11/2018"], 2, "'15/11/2018' is not a date"),
        (["--colour", "red"], 2, "unrecognized arguments: --colour red"),
        (["--outcomes", "o.parquet"], 1, "it must end in .csv or .csv.gz"),
        (["--out", "a.csv", "--outcomes", "./a.csv"], 1, "name two files"),
        (["--latent", "l.parquet"], 1, "--latent is l.parquet; it must end in .csv"),
        (["--outcomes", "a.csv", "--latent", "a.csv"], 1, "name two files"),
        (["--out", "."], 1, "it is a folder; name a file in it"),
        (["--out", "file/a.csv"], 1, "cannot write"),
    ],
)
def test_a_wrong_argument_is_one_line(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "-m", "simulator", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"file"}


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_what_breaks_halfway_leaves_the_old_files(
    tmp_path: Path, error: BaseException
) -> None:
    out, outcomes = tmp_path / "rows.parquet", tmp_path / "outcomes.csv"
    out.write_text("old")
    outcomes.write_text("old")

    def broken() -> Iterator[Chunk]:
        yield from iterate_chunks(Parameters(customers=20, days=28))
        raise error

    with pytest.raises(type(error)):
        write_chunks(broken(), out=out, outcomes=outcomes)
    assert out.read_text() == outcomes.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "outcomes.csv",
        "rows.parquet",
    ]


def test_ctrl_c_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Parameters) -> Iterator[Chunk]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("simulator.cli.iterate_chunks", interrupted)
    assert main(["--out", str(tmp_path / "a.csv")]) == 130
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
