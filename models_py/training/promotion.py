"""Who is champion: the newest row of model.model_promotions says."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from training.warehouse import column_types

BOOTSTRAP = "bootstrap"


@dataclass(frozen=True)
class Champion:
    """The model in charge, and the newest registered version that holds it."""

    model_version: str
    registered_version: str | None


@dataclass(frozen=True)
class PriorRun:
    """A run of the same fingerprint that has already been written."""

    model_version: str
    registered_version: str


def read_champion(
    connection: duckdb.DuckDBPyConnection, registered_name: str
) -> Champion | None:
    """Read the newest promotion; None before the first."""
    if not column_types(connection, "model", "model_promotions"):
        return None
    row = connection.execute(
        "select model_version from model.model_promotions"
        " order by promoted_at desc, rowid desc limit 1"
    ).fetchone()
    if row is None:
        return None
    registered = connection.execute(
        "select registered_version from model.training_runs"
        " where model_version = ? and registered_name = ?"
        " order by trained_at desc, rowid desc limit 1",
        [row[0], registered_name],
    ).fetchone()
    return Champion(row[0], registered[0] if registered else None)


def find_run(
    connection: duckdb.DuckDBPyConnection, fingerprint: str, registered_name: str
) -> PriorRun | None:
    """Find the run that a training of this fingerprint would repeat."""
    if not column_types(connection, "model", "training_runs"):
        return None
    row = connection.execute(
        "select model_version, registered_version from model.training_runs"
        " where training_fingerprint = ? and registered_name = ?"
        " order by trained_at desc, rowid desc limit 1",
        [fingerprint, registered_name],
    ).fetchone()
    return PriorRun(*row) if row else None


def promote_first(
    connection: duckdb.DuckDBPyConnection, model_version: str, now: datetime
) -> bool:
    """Promote the first model there is by rule; later ones wait for a person.

    Returns
    -------
    bool
        Whether the model was promoted.
    """
    row = connection.execute("select count(*) from model.model_promotions").fetchone()
    if row and row[0]:
        return False
    connection.execute(
        'insert into model.model_promotions (model_version, promoted_at, "rule",'
        " approver, reason, gate_results) values (?, ?, ?, null, ?, '[]')",
        [model_version, now, BOOTSTRAP, "the first model; there was no champion"],
    )
    return True
