"""Input that cannot be used: one line, exit code 1, and the next run works.

All cases share one DATA_DIR, in order, so that each also shows that the one before
left nothing to trip over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.conftest import Workspace

HEADER = "CustomerId,TransactionStartTime,Amount"


@pytest.fixture(scope="module")
def workspace(make_workspace: Callable[[str], Workspace]) -> Workspace:
    return make_workspace("bad_input")


def write(workspace: Workspace, lines: Iterable[str]) -> Path:
    folder = workspace.data_dir / "raw"
    folder.mkdir(exist_ok=True)
    file = folder / "transactions.csv"
    file.write_text("\n".join(lines) + "\n" if lines else "")
    return file


def one_customer() -> list[str]:
    days = [
        f"c1,2018-{month:02}-{day:02},5" for month in range(7, 12) for day in (1, 9)
    ]
    return [HEADER, *days]


def one_day() -> list[str]:
    return [
        HEADER,
        *(f"c{i},2019-01-01T{i % 24:02}:00:00Z,{i + 1}" for i in range(300)),
    ]


def all_the_same() -> list[str]:
    return [
        HEADER,
        *(
            f"c{customer},2019-{month:02}-{day:02},5"
            for customer in range(40)
            for month in range(1, 5)
            for day in range(1, 29)
        ),
    ]


CASES = {
    "empty file": ([], "transactions.csv is empty"),
    "no required column": (
        ["CustomerId,Amount", "c1,5"],
        "transactions.csv has no column TransactionStartTime",
    ),
    "header only": ([HEADER], "No transaction was accepted"),
    "nothing readable": ([HEADER, "c1,yesterday,5"], "No transaction was accepted"),
    "one day": (one_day(), "training needs 84 days of data"),
    "one customer": (one_customer(), "supply more customers"),
    "all the same": (all_the_same(), "fewer than three distinct kinds of customer"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_line_says_what_is_wrong(workspace: Workspace, case: str) -> None:
    lines, message = CASES[case]
    write(workspace, lines)
    done = workspace.python("-m", "pipeline", "run", check=False)
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert done.returncode == 1, done.stderr
    assert len(errors) == 1, done.stderr
    assert message in errors[0]
    assert "Traceback" not in done.stderr
    assert not (workspace.data_dir / "reports" / "summary.json").exists()


def test_a_missing_path_is_named(workspace: Workspace) -> None:
    missing = str(workspace.data_dir / "nowhere.parquet")
    done = workspace.python(
        "-m", "pipeline", "run", extra={"TRANSACTIONS_PATH": missing}, check=False
    )
    assert done.returncode == 1
    assert f"TRANSACTIONS_PATH={missing}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("observation_days", "abc", "a whole number from 1 to 3650"),
        ("data_time_zone", "Mars/Olympus", "an IANA name like Africa/Kampala"),
    ],
)
def test_dbt_by_hand_refuses_a_var(
    workspace: Workspace, name: str, value: str, allowed: str
) -> None:
    done = workspace.dbt("build", variables={name: value}, check=False)
    assert done.returncode != 0
    assert f'var {name} is "{value}"; allowed is {allowed}' in done.stdout
    assert "START" not in done.stdout, "a model was built"


def test_good_input_then_works(workspace: Workspace) -> None:
    file = workspace.data_dir / "raw" / "transactions.csv"
    workspace.python("-m", "simulator", "--customers", "1200", "--out", str(file))
    workspace.python("-m", "pipeline", "run")
    assert (workspace.data_dir / "reports" / "summary.json").exists()
