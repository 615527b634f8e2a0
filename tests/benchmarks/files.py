"""The benchmark's files, all from one file of the simulator."""

from pathlib import Path

from tests.benchmarks.warehouse import connect
from tests.benchmarks.workbench import Json


def write_csv(*, parquet: str, csv: str, memory_limit: str) -> Json:
    """Write the same rows as CSV."""
    with connect(":memory:", memory_limit) as connection:
        connection.execute(f"copy (from '{parquet}') to '{csv}' (header)")
    return {"bytes": Path(csv).stat().st_size}


def split_last_week(
    *, parquet: str, before: str, last_week: str, memory_limit: str
) -> Json:
    """Write the rows of the last 7 days to one file, those before to another."""
    with connect(":memory:", memory_limit) as connection:
        last_day = (
            "(select cast(max(TransactionStartTime) as date) "  # ISO 8601 text
            f"from '{parquet}')"
        )
        is_last_week = f"cast(TransactionStartTime as date) > {last_day} - 7"
        for path, condition in (
            (before, f"not ({is_last_week})"),
            (last_week, is_last_week),
        ):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy (from '{parquet}' where {condition}) to '{path}'")
    return {}
