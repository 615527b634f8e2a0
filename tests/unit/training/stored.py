"""What runs have left in schema `model` and in the registry."""

import json
from typing import Any

import duckdb

from training.registry import mlflow_session
from training.settings import Settings
from training.tables import ORDERS

WALL_CLOCK = {
    "trained_at",
    "promoted_at",
    "mlflow_run_id",
    "dbt_invocation_id",
    "git_revision",
}
MODEL_TABLES = (
    *ORDERS,
    "feature_selection",
    "training_runs",
    "candidate_metrics",
    "candidate_comparisons",
    "segment_metrics",
    "calibration_metrics",
    "grade_calibration",
    "challenger_scores",
    "model_promotions",
)


def rows(settings: Settings, table: str) -> list[dict[str, Any]]:
    """All rows of a table of schema model, without what a clock writes."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute(f"select * from model.{table}")  # noqa: S608 # fixed names
        names = [column[0] for column in found.description]
        values = found.fetchall()
    return [
        {n: v for n, v in zip(names, row, strict=True) if n not in WALL_CLOCK}
        for row in values
    ]


def exported(settings: Settings) -> str:
    content = {
        table: sorted(repr(row) for row in rows(settings, table))
        for table in MODEL_TABLES
    }
    return json.dumps(content)


def registered(settings: Settings) -> dict[str, tuple[str, list[str]]]:
    """Card and aliases by registered version."""
    with mlflow_session(settings) as client:
        found = client.search_model_versions(f"name = '{settings.model_name}'")
        return {
            str(v.version): (
                v.tags["model_version"],
                list(client.get_model_version(v.name, v.version).aliases),
            )
            for v in found
        }


def alter(settings: Settings, *statements: str) -> None:
    """Change the tables of a warehouse; those of marts go by their names."""
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("set search_path = 'marts'")
        for statement in statements:
            connection.execute(statement)
