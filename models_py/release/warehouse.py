"""The warehouse as the release sees it: attached read-only, asked by SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from release.errors import ReleaseError
from training.warehouse import data_kind_of

# Above this DuckDB spills into the build folder.
MEMORY_LIMIT = "1GB"

REQUIRED_TABLES = (
    "raw.files",
    "model.scorecard",
    "model.scorecard_features",
    "model.scorecard_points",
    "model.rating_scale",
    "model.training_runs",
    "model.champion",
    "marts.fct_customer_features",
    "marts.fct_customer_scores",
    "seeds.feature_contract",
    "seeds.policy_reasons",
)

Row = dict[str, Any]


class Warehouse:
    """Answers of one open warehouse.

    Parameters
    ----------
    connection
        In-memory DuckDB with the warehouse attached as ``warehouse`` and
        chosen as the default database for reading.
    path
        The warehouse file, for messages.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.connection = connection
        self.path = path

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Run a query and return its rows as dictionaries by column name."""
        cursor = self.connection.execute(sql, list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, *values: object) -> Row | None:
        """Run a query and return its first row, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def promotion(self) -> Row | None:
        """Return the promotion in force: whose card is champion, by what rule."""
        return self.row(
            """
            select
                model_version,
                promoted_at,
                "rule",
                approver,
                reason
            from warehouse.model.champion
            """
        )

    def score_snapshot(self) -> date:
        """Return the date that the customers are scored at.

        Raises
        ------
        ReleaseError
            If no customer has been scored yet, or not on the snapshot of the
            features.
        """
        found = self.row(
            """
            select
                min(snapshot_date) as first_date,
                max(snapshot_date) as last_date
            from warehouse.marts.fct_customer_scores
            """
        )
        if not found or found["first_date"] is None:
            message = (
                f"{self.path}: marts.fct_customer_scores is empty; "
                "run dbt build --select tag:scoring first"
            )
            raise ReleaseError(message)
        if found["first_date"] != found["last_date"]:
            message = (
                f"{self.path}: marts.fct_customer_scores holds two snapshots, "
                f"{found['first_date']} and {found['last_date']}; rebuild it"
            )
            raise ReleaseError(message)
        snapshot: date = found["last_date"]
        features = self.rows(
            """
            select distinct snapshot_date
            from warehouse.marts.fct_customer_features
            where split = 'score'
            """
        )
        if [row["snapshot_date"] for row in features] != [snapshot]:
            dates = ", ".join(str(row["snapshot_date"]) for row in features)
            message = (
                f"{self.path}: marts.fct_customer_scores is of {snapshot}, "
                f"marts.fct_customer_features of {dates or 'no score snapshot'}; "
                "run dbt build --select tag:scoring"
            )
            raise ReleaseError(message)
        return snapshot

    def data_kind(self) -> str:
        """Return ``raw`` or, when every landed file is simulated, ``simulated``."""
        files = self.rows("select distinct data_kind from warehouse.raw.files")
        return data_kind_of([row["data_kind"] for row in files])


@contextmanager
def open_warehouse(path: Path, *, spill_to: Path) -> Iterator[Warehouse]:
    """Attach the warehouse read-only for as long as the block runs.

    Parameters
    ----------
    path
        DuckDB file.
    spill_to
        Folder for what does not fit in memory.

    Raises
    ------
    ReleaseError
        If it is absent, held by a writer, or lacks a table.
    """
    if not path.is_file():
        message = f"no warehouse at {path}; run dbt build first"
        raise ReleaseError(message)
    connection = duckdb.connect(
        config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill_to)}
    )
    try:
        _attach(connection, path)
        yield Warehouse(connection, path)
    finally:
        connection.close()


def sql_text(text: str) -> str:
    """Quote text as an SQL literal, where no parameter is possible.

    Examples
    --------
    >>> sql_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """Quote a column name.

    Examples
    --------
    >>> sql_name("total_value")
    '"total_value"'
    """
    return '"' + name.replace('"', '""') + '"'


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    try:
        connection.execute(f"attach {sql_text(str(path))} as warehouse (read_only)")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        message = f"cannot read {path}: {reason}; end what else uses it"
        raise ReleaseError(message) from error
    present = {
        f"{schema}.{table}"
        for schema, table in connection.execute(
            """
            select table_schema, table_name
            from information_schema.tables
            where table_catalog = 'warehouse'
            """
        ).fetchall()
    }
    missing = [table for table in REQUIRED_TABLES if table not in present]
    if missing:
        message = f"{path} has no table {', '.join(missing)}; run dbt build first"
        raise ReleaseError(message)
