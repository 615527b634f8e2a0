"""Writing a run to schema `model` in one transaction, and reading a model back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from training.challenger import ChallengerScores
from training.errors import TrainingError
from training.metrics import Metrics
from training.model_tables import ModelTables, Row
from training.warehouse import column_types

ORDERS = {
    "scorecard": "model_version",
    "scorecard_features": '"position"',
    "scorecard_points": '"position", bin_index',
    "rating_scale": '"position"',
}
ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "DOUBLE": pa.float64(),
    "DOUBLE[]": pa.list_(pa.float64()),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}

PromoteFirst = Callable[[duckdb.DuckDBPyConnection, str], bool]


@dataclass(frozen=True)
class TrainedRun:
    """What is written of a run; `record` is the row of model.training_runs.

    `selection` are rows of model.feature_selection without the version, `reports` rows
    by table without the training's fingerprint.
    """

    record: Mapping[str, Any]
    tables: ModelTables
    selection: Sequence[Row]
    metrics: Mapping[str, Mapping[str, Metrics]]
    kinds: Mapping[str, str]
    challenger: ChallengerScores
    challenger_keys: pd.DataFrame
    reports: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def write_run(
    connection: duckdb.DuckDBPyConnection, run: TrainedRun, promote_first: PromoteFirst
) -> bool:
    """Write all tables of a run, or none.

    A card that is there already (the code changed, its outcome did not) is not
    written again, nor is why its features are in it; its challenger's scores and a
    repeated run's metrics are replaced.

    Parameters
    ----------
    promote_first
        Makes the version champion, in the same transaction, if there is none.

    Returns
    -------
    bool
        Whether the model became champion, being the first.
    """
    version = run.tables.model_version
    connection.execute("begin transaction")
    try:
        written = {**run.tables.content(), "feature_selection": run.selection}
        for table, rows in written.items():
            if not _holds(connection, table, version):
                listed = [rows] if isinstance(rows, Mapping) else rows
                _insert(
                    connection,
                    table,
                    [{"model_version": version, **row} for row in listed],
                )
        connection.execute(
            "delete from model.challenger_scores where model_version = ?", [version]
        )
        _insert_arrow(
            connection, "challenger_scores", _challenger_table(connection, run)
        )
        _insert(connection, "training_runs", [run.record])
        _replace_reports(
            connection, {"candidate_metrics": _metric_rows(run), **run.reports}, run
        )
        promoted = promote_first(connection, version)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return promoted


def read_model(
    connection: duckdb.DuckDBPyConnection, model_version: str
) -> ModelTables:
    """Read a model's rows back as they were written.

    Raises
    ------
    TrainingError
        If schema `model` has no such version.
    """
    content: dict[str, Any] = {}
    for table, order in ORDERS.items():
        names = [
            name
            for name in column_types(connection, "model", table)
            if name != "model_version"
        ]
        columns = ", ".join(f't."{name}"' for name in names)
        position = (
            " join model.scorecard_features as f using (model_version, feature)"
            if table == "scorecard_points"
            else ""
        )
        rows = connection.execute(
            f"select {columns} from model.{table} as t{position}"  # noqa: S608 # names come from the catalog
            f" where model_version = ? order by {order}",
            [model_version],
        ).fetchall()
        content[table] = [dict(zip(names, row, strict=True)) for row in rows]
    if not content["scorecard"]:
        raise TrainingError(f"model.scorecard has no model_version {model_version!r}")
    content["scorecard"] = content["scorecard"][0]
    return ModelTables.from_content(content)


def _holds(connection: duckdb.DuckDBPyConnection, table: str, version: str) -> bool:
    _schema(connection, table)
    row = connection.execute(
        f"select count(*) from model.{table} where model_version = ?",  # noqa: S608 # fixed names
        [version],
    ).fetchone()
    return bool(row and row[0])


def _metric_rows(run: TrainedRun) -> list[Row]:
    return [
        {
            "candidate": candidate,
            "candidate_kind": run.kinds[candidate],
            "split": split,
            **metrics.row(),
        }
        for candidate, by_split in run.metrics.items()
        for split, metrics in by_split.items()
    ]


def _replace_reports(
    connection: duckdb.DuckDBPyConnection,
    reports: Mapping[str, Sequence[Row]],
    run: TrainedRun,
) -> None:
    """Write what was measured in this training, in place of what a repeat left."""
    fingerprint = run.record["training_fingerprint"]
    for table, rows in reports.items():
        known = {"training_fingerprint": fingerprint}
        _schema(connection, table)
        connection.execute(
            f"delete from model.{table} where training_fingerprint = ?",  # noqa: S608 # fixed names
            [fingerprint],
        )
        _insert(connection, table, [{**known, **row} for row in rows])


def _challenger_table(
    connection: duckdb.DuckDBPyConnection, run: TrainedRun
) -> pa.Table:
    scores, keys = run.challenger, run.challenger_keys
    rows, features = scores.contributions.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * features
    schema = _schema(connection, "challenger_scores")
    columns = {
        "model_version": pa.array([run.tables.model_version] * rows, pa.string()),
        "customer_id": pa.array(keys["customer_id"], pa.string()),
        "snapshot_date": pa.array(keys["snapshot_date"].dt.date, pa.date32()),
        "probability": pa.array(scores.probability),
        "base_margin": pa.array(scores.base_margin),
        "contributions": pa.ListArray.from_arrays(
            pa.array(offsets), pa.array(scores.contributions.ravel())
        ),
    }
    return pa.Table.from_pydict(columns, schema=schema)


def _schema(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Schema:
    types = column_types(connection, "model", table)
    if not types:
        raise TrainingError(f"model.{table} does not exist: run dbt build first")
    return pa.schema([(name, ARROW_TYPES[kind]) for name, kind in types.items()])


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]
) -> None:
    schema = _schema(connection, table)
    for row in rows:
        if absent := sorted(set(row) - set(schema.names)):
            raise TrainingError(
                f"model.{table} has no column {', '.join(absent)}: run dbt build first,"
                " it adds what a warehouse of an earlier version lacks"
            )
        if unknown := sorted(set(schema.names) - set(row)):
            raise TrainingError(
                f"model.{table} has column {', '.join(unknown)}, which this version"
                " does not know: take the version that wrote it, or another DATA_DIR"
            )
    _insert_arrow(connection, table, pa.Table.from_pylist(list(rows), schema=schema))


def _insert_arrow(
    connection: duckdb.DuckDBPyConnection, table: str, incoming: pa.Table
) -> None:
    columns = ", ".join(f'"{name}"' for name in incoming.schema.names)
    connection.register("incoming", incoming)
    connection.execute(
        f"insert into model.{table} ({columns}) select {columns} from incoming"  # noqa: S608 # names come from the catalog
    )
    connection.unregister("incoming")
