"""Files of more rows than DuckDB keeps in one row group (122,880)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.landing.macros import Landing

ROWS = 130_000


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_duplicates_are_found_behind_a_file_of_which_nothing_is_accepted(
    tmp_path: Path, ending: str
) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.csv").write_text("CustomerId,Amount,TransactionStartTime\nC,x,x\n")
    duckdb.sql(f"""
        copy (
            select
                'C' as CustomerId,
                1 as Amount,
                '2019-01-01' as TransactionStartTime,
                concat('t', i % {ROWS - 1}) as TransactionId
            from range({ROWS}) as numbers(i)
        ) to '{folder}/b.{ending}'
    """)  # noqa: S608
    landing = Landing(tmp_path)
    landing.run()
    assert landing.query(
        "select source_row, rejection_reason from raw.rejected_rows"
    ) == [
        (1, "amount_not_a_number"),
        (ROWS, "duplicate_transaction_id"),
    ]
    accepted = landing.query(
        "select count(distinct TransactionId) from raw.transactions"
    )
    assert accepted == [(ROWS - 1,)]
