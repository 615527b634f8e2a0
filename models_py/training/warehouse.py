"""Opening the warehouse, and small questions about what it holds.

A DuckDB file has one writer or many readers: open late, close early.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from training.errors import TrainingError

RAW, SIMULATED = "raw", "simulated"


@contextmanager
def open_warehouse(
    path: Path, *, read_only: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for the length of a `with` block.

    Raises
    ------
    TrainingError
        If the file is absent, is held by another process, lacks a table or column
        that is asked for, or is no DuckDB file.
    """
    if not path.is_file():
        raise TrainingError(f"{path}: no such warehouse; run dbt build first")
    try:
        with duckdb.connect(str(path), read_only=read_only) as connection:
            yield connection
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise TrainingError(
            f"{path}: {_first_line(error)}; run dbt build first"
        ) from error
    except duckdb.IOException as error:
        raise TrainingError(
            f"{path} cannot be opened: {_first_line(error)}; close the program that"
            " holds it and run again"
        ) from error


def column_types(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> dict[str, str]:
    """Types by column name; empty if there is no such table."""
    rows = connection.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = ? and table_name = ? order by ordinal_position",
        [schema, table],
    ).fetchall()
    return dict(rows)


def data_kind_of(kinds: Collection[str]) -> str:
    """Whether data are real, or all simulated, by the kinds of their landed files.

    Examples
    --------
    >>> data_kind_of(["simulated"]), data_kind_of(["raw", "simulated"])
    ('simulated', 'raw')
    """
    return SIMULATED if set(kinds) == {SIMULATED} else RAW


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
