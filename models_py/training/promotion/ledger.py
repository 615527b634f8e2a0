"""Who is champion: view model.champion, the newest row of model.model_promotions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from training.errors import TrainingError
from training.promotion.gates import GateResult
from training.settings import Settings
from training.warehouse import (
    RAW,
    SIMULATED,
    column_types,
    data_kind_of,
    open_warehouse,
)

BOOTSTRAP, APPROVED, ROLLBACK = "bootstrap", "approved", "rollback"


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
    version = promoted_version(connection)
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


def promoted_version(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Read the version of the newest promotion; None before the first."""
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


def earlier_champion(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Who was champion before the one in charge; None if nobody was.

    A rollback undoes the promotion before it, so a second one goes a step further
    back and never forward again.
    """
    return before_last(
        connection.execute(
            'select model_version, "rule" from model.model_promotions'
            " order by promoted_at, rowid"
        ).fetchall()
    )


def before_last(promotions: Sequence[tuple[str, str]]) -> str | None:
    """Undo rollbacks in (model_version, rule) of all promotions, the oldest first.

    Examples
    --------
    >>> history = [("a", "bootstrap"), ("b", "approved"), ("c", "approved")]
    >>> before_last(history)
    'b'
    >>> before_last([*history, ("b", "rollback")])
    'a'
    >>> before_last([*history, ("b", "rollback"), ("a", "rollback")]) is None
    True
    """
    stack: list[str] = []
    for version, rule in promotions:
        if rule == ROLLBACK:
            stack.pop()
        else:
            stack.append(version)
    return stack[-2] if len(stack) > 1 else None


def landed_kind(connection: duckdb.DuckDBPyConnection) -> str:
    """Whether the landed files are ``raw`` or, all of them, ``simulated``."""
    kinds = connection.execute("select distinct data_kind from raw.files").fetchall()
    return data_kind_of([kind for (kind,) in kinds])


def is_of_other_data(connection: duckdb.DuckDBPyConnection, model_version: str) -> bool:
    """Whether a version was trained on simulated data, and real ones have landed.

    Real data are never replaced by simulated ones, so there is no other way round.
    """
    row = connection.execute(
        "select data_kind from model.training_runs where model_version = ?"
        " order by trained_at desc, rowid desc limit 1",
        [model_version],
    ).fetchone()
    return row == (SIMULATED,) and landed_kind(connection) == RAW


def trainers(connection: duckdb.DuckDBPyConnection, model_version: str) -> list[str]:
    """Names of all who trained a version."""
    rows = connection.execute(
        "select distinct trained_by from model.training_runs where model_version = ?"
        " order by trained_by",
        [model_version],
    ).fetchall()
    return [row[0] for row in rows]


def trained_versions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Versions that have been trained, the newest first."""
    rows = connection.execute(
        "select model_version from model.training_runs"
        " group by model_version order by max(trained_at) desc"
    ).fetchall()
    return [row[0] for row in rows]


@dataclass(frozen=True)
class Promotion:
    """A row of model.model_promotions; a rule approves of itself."""

    model_version: str
    promoted_at: datetime
    rule: str
    approver: str | None
    reason: str
    gate_results: Sequence[GateResult]


def append(connection: duckdb.DuckDBPyConnection, promotion: Promotion) -> None:
    """Add a row; none is ever changed.

    Raises
    ------
    TrainingError
        If a newer promotion is there, which would stay in force: a clock is wrong.
    """
    row = connection.execute(
        "select max(promoted_at) from model.model_promotions"
    ).fetchone()
    if row and row[0] is not None and row[0] >= promotion.promoted_at:
        raise TrainingError(
            f"the newest promotion is of {row[0]} UTC, this machine's clock says"
            f" {promotion.promoted_at}: set the clock"
        )
    results = [result.to_row() for result in promotion.gate_results]
    connection.execute(
        'insert into model.model_promotions (model_version, promoted_at, "rule",'
        " approver, reason, gate_results) values (?, ?, ?, ?, ?, ?)",
        [
            promotion.model_version,
            promotion.promoted_at,
            promotion.rule,
            promotion.approver,
            promotion.reason,
            json.dumps(results, allow_nan=False),
        ],
    )
