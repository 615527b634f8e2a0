"""Landing: every input row is accepted or rejected with its reason."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Workspace

HEADER = "TransactionId,CustomerId,Amount,TransactionStartTime,ProductCategory,Value"


def land(workspace: Workspace, **extra: str) -> None:
    workspace.dbt(
        "run", "--select", "stg_raw__transactions stg_raw__rejected_rows", extra=extra
    )


def reasons(workspace: Workspace) -> dict[tuple[str, str], int]:
    rows = workspace.query(
        "select source_file, rejection_reason, count(*) as n "
        "from staging.stg_raw__rejected_rows group by all"
    )
    return {(r.source_file, r.rejection_reason): int(r.n) for r in rows.itertuples()}


def accepted(workspace: Workspace, columns: str = "*") -> pd.DataFrame:
    return workspace.query(
        f"select {columns} from staging.stg_raw__transactions "  # noqa: S608
        "order by source_file, source_row"
    )


@pytest.fixture(scope="module")
def workspace(make_workspace: Callable[[str], Workspace]) -> Workspace:
    """One for all tests here: dbt parses the project once."""
    return make_workspace("landing with 'quotes'")


@pytest.fixture
def raw(workspace: Workspace) -> Path:
    """An empty raw folder; landing forgets the files of the test before."""
    folder = workspace.data_dir / "raw"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def test_every_hostile_row_has_its_reason(workspace: Workspace, raw: Path) -> None:
    (raw / "bom.csv").write_bytes(
        b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"
        b"b1,C1,1e5,2019-01-01T00:00:00Z,tv,100000\r\n"
        b'b2,"C,2",-0,2019-01-01 03:00:00+03:00,"a\r\nb",\r\n'
        b'b3,C3,"1,000.50",2019-01-01,tv,1\r\n'
        b"b4,C\xe94,5,2019-01-01,tv,5\r\n"
        b"b5,C5\r\n"
        b"b6,C6,7,2019-01-01,tv,7,too,many\r\n"
        b"b7,,8,2019-01-01,tv,8\r\n"
        b'b8,"   ",8,2019-01-01,tv,8\r\n'
    )
    lines = [
        "n1,C1,NaN,2019-01-01,tv,1",
        "n2,C1,inf,2019-01-01,tv,1",
        "n3,C1,12345678901234567890,2019-01-01,tv,1",
        "n4,C1,1_000,2019-01-01,tv,1",
        "n5,C1,5,01/02/2019,tv,1",
        "n6,C1,5,2099-01-01,tv,1",
        "n7,C1,5,1970-01-01,tv,1",
        HEADER,
        "n8,O'Brien; drop table 😀,5,2019-01-01T10:11:12.5,,",
        "n9," + "x" * 10_000 + ",-5.25,2019-01-01T10:11:12+0300,tv,",
    ]
    with gzip.open(raw / "numbers.csv.gz", "wt") as file:
        file.write("\n".join([HEADER.upper(), *lines]))
    pd.DataFrame(
        {
            "amount": [1.5, float("nan"), float("inf"), 1e20, 2.0],
            "customerid": ["P1", "P1", "P1", "P1", None],
            "TRANSACTIONSTARTTIME": pd.to_datetime(["2019-01-02"] * 5),
            "unused": range(5),
        }
    ).to_parquet(raw / "typed.parquet")

    land(workspace)

    assert reasons(workspace) == {
        ("bom.csv", "amount_not_a_number"): 1,
        ("bom.csv", "not_utf8"): 1,
        ("bom.csv", "malformed_line"): 2,
        ("bom.csv", "customer_missing"): 2,
        ("numbers.csv.gz", "amount_not_a_number"): 4,
        ("numbers.csv.gz", "amount_out_of_range"): 1,
        ("numbers.csv.gz", "time_unreadable"): 1,
        ("numbers.csv.gz", "time_implausible"): 2,
        ("typed.parquet", "amount_not_a_number"): 2,
        ("typed.parquet", "amount_out_of_range"): 1,
        ("typed.parquet", "customer_missing"): 1,
    }
    rows = accepted(workspace)
    assert list(rows.transaction_id) == ["b1", "b2", "n8", "n9", "typed.parquet#1"]
    assert [str(value) for value in rows.amount] == [
        "100000.0", "0.0", "5.0", "-5.25", "1.5",
    ]  # fmt: skip
    assert list(rows.customer_id)[1:3] == ["C,2", "O'Brien; drop table 😀"]
    assert str(rows.transacted_at[1]) == "2019-01-01 00:00:00"
    assert str(rows.transacted_at[3]) == "2019-01-01 07:11:12"
    assert list(rows.product_category)[2:] == ["unknown", "tv", "unknown"]
    input_rows = workspace.query("select sum(input_rows) as n from raw.files").n[0]
    assert input_rows == len(rows) + sum(reasons(workspace).values()) == 8 + 10 + 5


def test_duplicates_follow_their_files(workspace: Workspace, raw: Path) -> None:
    """The first by time is kept; when its file goes, the next one steps in."""
    (raw / "a.csv").write_text(
        f"{HEADER}\nt1,C1,1,2019-01-01,tv,1\nt2,C1,1,2019-01-05,tv,1\n"
    )
    (raw / "b.csv").write_text(
        f"{HEADER}\nt1,C2,2,2019-01-02,tv,2\nt2,C2,2,2019-01-04,tv,2\n"
    )
    land(workspace)
    kept = accepted(workspace, "transaction_id, customer_id, source_file, source_row")
    assert sorted(zip(kept.transaction_id, kept.customer_id, strict=True)) == [
        ("t1", "C1"),
        ("t2", "C2"),
    ]
    assert reasons(workspace) == {
        ("a.csv", "duplicate_transaction_id"): 1,
        ("b.csv", "duplicate_transaction_id"): 1,
    }

    landed = workspace.query("select max(landed_at) as t from raw.files").t[0]
    (raw / "a.csv").unlink()
    (raw / "c[b]*.csv").write_text(f"{HEADER}\nt3,C3,3,2019-01-03,tv,3\n")
    land(workspace)
    kept = accepted(workspace, "transaction_id, customer_id, source_file, source_row")
    assert list(zip(kept.transaction_id, kept.customer_id, strict=True)) == [
        ("t1", "C2"),
        ("t2", "C2"),
        ("t3", "C3"),
    ]
    assert reasons(workspace) == {}
    files = workspace.query("select source_file, landed_at from raw.files order by 1")
    assert list(files.source_file) == ["b.csv", "c[b]*.csv"]
    assert files.landed_at[0] == landed, "an unchanged file is not read again"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "bad.csv is empty"),
        (b"CustomerId,Amount\nC1,1\n", "bad.csv has no column TransactionStartTime"),
    ],
)
def test_unusable_file_stops_with_one_line(
    workspace: Workspace, raw: Path, content: bytes, message: str
) -> None:
    (raw / "bad.csv").write_bytes(content)
    done = workspace.dbt("run", "--select", "stg_raw__transactions", check=False)
    assert done.returncode != 0
    assert message in done.stdout


def test_missing_path_is_an_error_not_a_simulation(
    workspace: Workspace, raw: Path
) -> None:
    (raw / "good.csv").write_text(f"{HEADER}\nt1,C1,1,2019-01-01,tv,1\n")
    missing = str(workspace.data_dir / "nowhere.csv")
    done = workspace.dbt(
        "run",
        "--select",
        "stg_raw__transactions",
        extra={"TRANSACTIONS_PATH": missing},
        check=False,
    )
    assert done.returncode != 0
    assert f"TRANSACTIONS_PATH={missing} names no .csv" in done.stdout


def test_endings_in_any_case_are_read(workspace: Workspace, raw: Path) -> None:
    (raw / "A.Csv").write_text(f"{HEADER}\nu1,C1,1,2019-01-01,tv,1\n")
    with gzip.open(raw / "EXPORT.CSV.GZ", "wt") as file:
        file.write(f"{HEADER}\nu2,C2,2,2019-01-02,tv,2\n")
    land(workspace)
    assert list(accepted(workspace).transaction_id) == ["u1", "u2"]


def test_a_misspelt_label_source_is_refused(workspace: Workspace, raw: Path) -> None:
    """Anything but `observed` would train on the proxy, under another name."""
    (raw / "good.csv").write_text(f"{HEADER}\nt1,C1,1,2019-01-01,tv,1\n")
    done = workspace.dbt(
        "run",
        "--select",
        "stg_raw__transactions",
        variables={"label_source": "Observed"},
        check=False,
    )
    assert done.returncode != 0
    assert 'label_source is "Observed"; allowed is proxy or observed' in done.stdout


def test_simulated_data_never_replaces_real_data(
    workspace: Workspace, raw: Path
) -> None:
    """A forgotten TRANSACTIONS_PATH must not publish made-up customers."""
    (raw / "good.csv").write_text(f"{HEADER}\nt1,C1,1,2019-01-01,tv,1\n")
    land(workspace)
    (raw / "good.csv").unlink()
    simulated = workspace.data_dir / "simulated" / "transactions.parquet"
    size = ("--customers", "50", "--out", str(simulated))
    workspace.python("-m", "simulator", *size)
    done = workspace.dbt("run", "--select", "stg_raw__transactions", check=False)
    shutil.rmtree(simulated.parent)
    assert done.returncode != 0
    assert "holds transactions of yours" in done.stdout
    assert list(accepted(workspace).transaction_id) == ["t1"]


def test_a_name_of_brackets_is_a_name_first(tmp_path: Path) -> None:
    """Read as a pattern, a[1].csv is the file a1.csv."""
    workspace = Workspace(tmp_path / "data [x]")
    folder = tmp_path / "in [2019]"
    for path in (workspace.data_dir, folder):
        path.mkdir()
    (folder / "a1.csv").write_text(f"{HEADER}\nother,C1,1,2019-01-01,tv,1\n")
    file = folder / "a[1].csv"
    file.write_text(f"{HEADER}\nnamed,C1,1,2019-01-01,tv,1\n")
    select = ("run", "--select", "stg_raw__transactions")
    workspace.dbt(*select, extra={"TRANSACTIONS_PATH": str(file)})
    assert list(accepted(workspace).transaction_id) == ["named"]
    workspace.dbt(*select, extra={"TRANSACTIONS_PATH": str(folder)})
    assert sorted(accepted(workspace).transaction_id) == ["named", "other"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Customer,DefaultedAt\nC1,2019-01-01\n", "bad.csv has no column CustomerId"),
        ("CustomerId,DefaultedAt\nC1,2019-01-01\nC1,soon\n", "bad.csv, row 2"),
        ("CustomerId,DefaultedAt\n ,2019-01-01\n", "bad.csv, row 1"),
        ("CustomerId,DefaultedAt\nC1,2019-01-01,x\n", "bad.csv, row"),
        ("CustomerId,DefaultedAt\nC1 ,2019-01-01\n", ""),
    ],
)
def test_an_outcome_is_read_or_told(
    workspace: Workspace, raw: Path, content: str, message: str
) -> None:
    (raw / "good.csv").write_text(f"{HEADER}\nt1,C1,1,2019-01-01,tv,1\n")
    folder = workspace.data_dir / "outcomes"
    folder.mkdir(exist_ok=True)
    (folder / "bad.csv").write_text(content)
    done = workspace.dbt("run", "--select", "stg_raw__transactions", check=False)
    shutil.rmtree(folder)
    if message:
        assert done.returncode != 0
        assert message in done.stdout
    else:
        assert done.returncode == 0
        assert "1 outcomes are of customers without a transaction" in done.stdout
