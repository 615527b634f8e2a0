"""A build computes what changed, and ends with the rows of a full refresh.

A new week, a late file, a vanished file, other parameters, and a build that is killed:
whatever happened before, the tables are those of one undisturbed build.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Workspace

BUILD = (
    *("build", "--resource-type", "model", "--resource-type", "seed", "--select"),
    *("+fct_training_examples", "+fct_customer_rfm", "+fct_label_audit"),
    "+fct_transactions",
)
NEW_WEEK = "TransactionStartTime >= '2019-02-07'"
LATE = "TransactionStartTime like '2018-12-0%' and TransactionId like '%7'"
KILLS = 20


@pytest.fixture(scope="module")
def transactions(make_workspace: Callable[[str], Workspace]) -> Path:
    workspace = make_workspace("incremental_file")
    file = workspace.data_dir / "transactions.parquet"
    size = ("--customers", "400", "--days", "91", "--out", str(file))
    workspace.python("-m", "simulator", *size)
    return file


def write(workspace: Workspace, transactions: Path, name: str, rows: str) -> None:
    """Write some of the transactions as a file of the raw folder."""
    folder = workspace.data_dir / "raw"
    folder.mkdir(exist_ok=True)
    kept = f"select * from '{transactions}' where {rows}"  # noqa: S608
    duckdb.sql(f"copy ({kept}) to '{folder / name}' (format parquet)")


def build(workspace: Workspace, **variables: int) -> dict[str, str]:
    """Build the models and return what each per-snapshot model had to compute."""
    done = workspace.dbt(*BUILD, variables=variables)
    return dict(re.findall(r"(int_\w+): \d+ snapshots, to compute: (.*)", done.stdout))


def contents(workspace: Workspace) -> dict[str, tuple[int, str]]:
    """Return rows and a hash of the rows of every relation that dbt built."""
    path = workspace.data_dir / "warehouse.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        relations = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('intermediate', 'marts') order by all"
        ).fetchall()
        found = {}
        for (relation,) in relations:
            content = "count(*), cast(sum(cast(hash(t) as hugeint)) as varchar)"
            row = connection.execute(
                f"select {content} from {relation} as t"  # noqa: S608
            ).fetchone()
            assert row is not None
            found[relation] = (row[0], row[1])
        return found


def copy_of(
    workspace: Workspace, make_workspace: Callable[[str], Workspace], name: str
) -> Workspace:
    other = make_workspace(name)
    shutil.copytree(workspace.data_dir, other.data_dir, dirs_exist_ok=True)
    return other


@pytest.fixture(scope="module")
def first_weeks(
    transactions: Path, make_workspace: Callable[[str], Workspace]
) -> Workspace:
    """Twelve weeks, built; the late rows of December have not come yet."""
    workspace = make_workspace("first_weeks")
    write(workspace, transactions, "a.parquet", f"not ({NEW_WEEK}) and not ({LATE})")
    computed = build(workspace)
    assert computed == {
        "int_customer_features__computed": "9 new",
        "int_outcome_windows__aggregated": "5 new",
    }
    return workspace


def test_every_change_ends_in_the_rows_of_a_full_refresh(
    transactions: Path,
    first_weeks: Workspace,
    make_workspace: Callable[[str], Workspace],
) -> None:
    """A week, a late file, its disappearance, other parameters, one after another."""
    workspace = copy_of(first_weeks, make_workspace, "changes")
    write(workspace, transactions, "b.parquet", NEW_WEEK)
    assert build(workspace) == {
        "int_customer_features__computed": "1 new",
        "int_outcome_windows__aggregated": "1 new",
    }
    before = contents(workspace)

    # Of ten snapshots the first three look back into the first days of December.
    write(workspace, transactions, "late.parquet", LATE)
    assert build(workspace) == {
        "int_customer_features__computed": "4 transactions",
        "int_outcome_windows__aggregated": "4 transactions",
    }
    late = contents(workspace)
    assert late != before

    whole = make_workspace("whole")
    write(whole, transactions, "all.parquet", "true")
    build(whole)
    of_files = {"intermediate.int_transactions__cleaned", "marts.fct_transactions"}
    assert {n: c for n, c in contents(whole).items() if n not in of_files} == {
        n: c for n, c in late.items() if n not in of_files
    }

    (workspace.data_dir / "raw" / "late.parquet").unlink()
    build(workspace)
    assert contents(workspace) == before

    assert build(workspace, night_start_hour=23) == {
        "int_customer_features__computed": "10 parameters",
        "int_outcome_windows__aggregated": "6 parameters",
    }
    assert contents(workspace) != before


@pytest.mark.hard
def test_a_killed_build_is_made_good_by_the_next(
    transactions: Path,
    first_weeks: Workspace,
    make_workspace: Callable[[str], Workspace],
) -> None:
    pending = copy_of(first_weeks, make_workspace, "pending")
    write(pending, transactions, "b.parquet", NEW_WEEK)
    write(pending, transactions, "late.parquet", LATE)

    # One folder for all, so that dbt reads the project once.
    workspace = copy_of(pending, make_workspace, "killed")
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", *BUILD]

    def start() -> subprocess.Popen[bytes]:
        shutil.copy(pending.data_dir / "warehouse.duckdb", workspace.data_dir)
        (workspace.data_dir / "warehouse.duckdb.wal").unlink(missing_ok=True)
        nowhere = subprocess.DEVNULL
        environment = workspace.environment()
        return subprocess.Popen(
            command, env=environment, stdout=nowhere, stderr=nowhere
        )

    assert start().wait() == 0
    expected = contents(workspace)
    started = time.monotonic()
    assert start().wait() == 0
    duration = time.monotonic() - started

    moments = random.Random(20)  # noqa: S311
    finished = 0
    for kill in range(KILLS):
        running = start()
        try:
            # The first third is dbt's own start.
            running.wait(timeout=duration * moments.uniform(0.3, 1))
            finished += 1
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        build(workspace)
        assert contents(workspace) == expected, f"kill {kill}"
    assert finished < KILLS / 2
