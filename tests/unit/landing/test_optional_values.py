"""What cannot be read in an optional column is missing, and the run says how often."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.landing.macros import Landing

HEADER = "CustomerId,Amount,TransactionStartTime,Value,FraudResult\n"
FLAGS = {
    "0": 0,
    "1": 1,
    " 1 ": 1,
    "0.0": 0,
    "1.00": 1,
    "TRUE": 1,
    "false": 0,
    "": None,
    " ": None,
    "NaN": None,
}
UNREAD_FLAGS = ["yes", "0.7", "2", "-1", "1e0", "01"]
VALUES = {"5": "5.0000", "1e2": "100.0000", "": None}
UNREAD_VALUES = ["5 UGX", "1,5", "1e99"]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    (tmp_path / "raw").mkdir()
    return Landing(tmp_path)


def unread(landing: Landing) -> list[tuple[object, ...]]:
    return landing.query(
        "select source_file, unread_values, unread_fraud_results from raw.files "
        "order by source_file"
    )


def test_texts(landing: Landing) -> None:
    raw = landing.data_dir / "raw"
    flags = {**FLAGS, **dict.fromkeys(UNREAD_FLAGS)}
    values = {**VALUES, **dict.fromkeys(UNREAD_VALUES)}
    row = "C,1,2019-01-01,{value},{flag}\n"
    (raw / "flags.csv").write_text(
        HEADER + "".join(row.format(value=1, flag=f'"{flag}"') for flag in flags)
    )
    (raw / "values.csv").write_text(
        HEADER
        + "".join(row.format(value=f'"{value}"', flag=0) for value in values)
        + ",1,2019-01-01,unread too,but the row is rejected\n"
    )
    (raw / "without.csv").write_text(
        "CustomerId,Amount,TransactionStartTime\nC,1,2019-01-01\n"
    )

    landing.run()

    of_file = "from raw.transactions where source_file = '{}.csv' order by source_row"
    assert landing.query("select FraudResult " + of_file.format("flags")) == [
        (flag,) for flag in flags.values()
    ]
    assert landing.query(
        "select cast(Value as varchar) " + of_file.format("values")
    ) == [(value,) for value in values.values()]
    assert unread(landing) == [
        ("flags.csv", 0, len(UNREAD_FLAGS)),
        ("values.csv", len(UNREAD_VALUES), 0),
        ("without.csv", 0, 0),
    ]
    of_flags, of_values = landing.warnings
    assert "flags.csv: 0 of Value and 6 of FraudResult cannot be read" in of_flags
    assert "values.csv: 3 of Value and 0 of FraudResult cannot be read" in of_values

    landing.run()  # unchanged files are not warned of again
    assert len(landing.warnings) == 2


@pytest.mark.parametrize(
    ("values", "flags", "unreadable"),
    [
        ("true, false", [1, 0], 0),
        ("0.0, 1.0, 'nan'::double, null, 0.7", [0, 1, None, None, None], 1),
        ("0, 1, 2", [0, 1, None], 1),
        ("date '2019-01-01'", [None], 1),
    ],
)
def test_types(
    values: str, flags: list[int | None], unreadable: int, landing: Landing
) -> None:
    duckdb.execute(
        "copy (select 'C' as CustomerId, 1 as Amount, date '2019-01-01' as "
        f"TransactionStartTime, unnest([{values}]) as FraudResult) "
        f"to '{landing.data_dir}/raw/a.parquet'"
    )
    landing.run()
    found = "select FraudResult from raw.transactions order by source_row"
    assert landing.query(found) == [(flag,) for flag in flags]
    assert unread(landing) == [("a.parquet", 0, unreadable)]


def test_a_warehouse_of_before_gets_the_counts(landing: Landing) -> None:
    (landing.data_dir / "raw" / "a.csv").write_text(HEADER + "C,1,2019-01-01,x,y\n")
    landing.run()
    for column in ("unread_values", "unread_fraud_results"):
        landing.query(f"alter table raw.files drop column {column}")
    landing.query("update raw.files set landing_hash = 'of before'")
    landing.run()
    assert unread(landing) == [("a.csv", 1, 1)]
