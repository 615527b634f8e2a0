"""Who is champion: view model.champion, the newest row of model.model_promotions."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from training.errors import TrainingError
from training.settings import Settings
from training.warehouse import column_types, open_warehouse

BOOTSTRAP, APPROVED = "bootstrap", "approved"


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
    if not column_types(connection, "model", "champion"):
        return None
    version = _promoted(connection)
    if version is None:
        return None
    registered = connection.execute(
        "select registered_version from model.training_runs"
        " where model_version = ? and registered_name = ?"
        " order by trained_at desc, rowid desc limit 1",
        [version, registered_name],
    ).fetchone()
    return Champion(version, registered[0] if registered else None)


def champion_of(settings: Settings) -> Champion | None:
    """Read the champion from the warehouse, and close it."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        return read_champion(connection, settings.model_name)


def _promoted(connection: duckdb.DuckDBPyConnection) -> str | None:
    row = connection.execute("select model_version from model.champion").fetchone()
    return row[0] if row else None


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


def promote(
    connection: duckdb.DuckDBPyConnection,
    *,
    model_version: str,
    approver: str,
    reason: str,
    now: datetime,
) -> None:
    """Make a trained version champion, by a person and for a reason.

    Parameters
    ----------
    connection
        Of a warehouse that a training has written to.
    model_version
        12 hex digits, as in model.training_runs.
    approver, reason
        Who decided and why; neither may be blank.
    now
        Time of the decision, UTC.

    Raises
    ------
    TrainingError
        If the version is unknown or already champion, or a text is blank.
    """
    for name, text in (("approver", approver), ("reason", reason)):
        if not text.strip():
            raise TrainingError(f"--{name} is blank: say who promotes, and why")
    known = connection.execute(
        "select model_version from model.training_runs"
        " group by model_version order by max(trained_at) desc"
    ).fetchall()
    versions = [row[0] for row in known]
    if model_version not in versions:
        raise TrainingError(
            f"no trained version {model_version!r}; there are"
            f" {', '.join(versions) or 'none: run python -m training'}"
        )
    if _promoted(connection) == model_version:
        raise TrainingError(f"{model_version} is champion already")
    connection.execute(
        'insert into model.model_promotions (model_version, promoted_at, "rule",'
        " approver, reason, gate_results) values (?, ?, ?, ?, ?, '[]')",
        [model_version, now, APPROVED, approver, reason],
    )
