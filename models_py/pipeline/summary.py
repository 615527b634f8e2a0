"""What a run has done, read from the warehouse: ``reports/summary.json``.

Every number is read; no metric is computed here a second time.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline import queries
from pipeline.dbt_events import explained
from pipeline.errors import PipelineError
from pipeline.settings import Settings

CHAMPION_NAME = "scorecard"
BASELINE_KIND, CIRCULAR_KIND = "baseline", "circular"
SCALAR_METRICS = (
    *("accuracy", "precision", "recall", "f1", "roc_auc", "pr_auc", "ks", "gini"),
    "brier",
)

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Report:
    """``summary.json``, and in ``details.json`` what the text shows besides.

    Attributes
    ----------
    summary
        The published form; its keys are a contract.
    details
        ``label_source``, ``target_name``, ``circular_auc`` (what the usual design
        would report) and ``grades``: rows of grade, action, customers.
    """

    summary: Json
    details: Json


def report_of(settings: Settings, seconds: Mapping[str, float]) -> Report:
    """Read the finished run's figures from the warehouse, read-only.

    Parameters
    ----------
    settings
        Whose warehouse and releases.
    seconds
        Wall time by step.

    Raises
    ------
    PipelineError
        The warehouse is open elsewhere, or a table of the contract is missing.
    """
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            return _read(connection, release_id(settings), seconds)
    except duckdb.Error as error:
        raise PipelineError(explained(str(error))) from error


def champion_of(settings: Settings) -> str:
    """Read the champion's model version from the warehouse.

    Raises
    ------
    PipelineError
        There is none: training ended without a model.
    """
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            return _champion(connection)
    except duckdb.Error as error:
        raise PipelineError(explained(str(error))) from error


def release_id(settings: Settings) -> str | None:
    """Name the release that is served, None before the first."""
    pointer = settings.releases / "CURRENT"
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None


def write_report(settings: Settings, report: Report) -> None:
    """Replace both files, each in one move, the published one last."""
    settings.reports.mkdir(parents=True, exist_ok=True)
    _replace(settings.reports / "details.json", report.details)
    _replace(settings.reports / "summary.json", report.summary)


def read_report(settings: Settings) -> Report:
    """Read the last run's files.

    Raises
    ------
    PipelineError
        No run has finished here.
    """
    try:
        summary, details = (
            json.loads((settings.reports / name).read_text(encoding="utf-8"))
            for name in ("summary.json", "details.json")
        )
    except FileNotFoundError as error:
        raise PipelineError(
            f"no run has finished in DATA_DIR={settings.data_dir}: make run first"
        ) from error
    return Report(summary=summary, details=details)


def _read(
    connection: duckdb.DuckDBPyConnection,
    release: str | None,
    seconds: Mapping[str, float],
) -> Report:
    model_version = _champion(connection)
    version = {"model_version": model_version}
    fingerprint = _value(connection, queries.CHAMPION_TRAINING, version)
    metrics = _rows(
        connection,
        queries.CANDIDATE_METRICS,
        {"training_fingerprint": fingerprint},
    )
    accepted = _rows(connection, queries.ACCEPTED)[0]
    rejected = _counts(connection, queries.REJECTED_BY_REASON)
    kinds = [row["data_kind"] for row in _rows(connection, queries.DATA_KINDS)]
    examples = {
        row["split"]: row for row in _rows(connection, queries.EXAMPLES_BY_SPLIT)
    }
    statuses = _counts(connection, queries.SCORED_BY_STATUS)
    summary = {
        "data": "simulated" if kinds == ["simulated"] else "raw",
        "transactions": accepted["transactions"] + sum(rejected.values()),
        "accepted": accepted["transactions"],
        "rejected": sum(rejected.values()),
        "rejected_by_reason": rejected,
        "customers": accepted["customers"],
        "snapshots": [
            {
                "date": row["snapshot_date"].isoformat(),
                "split": row["split"],
                "eligible": row["customers"],
            }
            for row in _rows(connection, queries.SNAPSHOTS)
        ],
        "train_rows": examples.get("train", {}).get("row_count", 0),
        "test_rows": examples.get("test", {}).get("row_count", 0),
        "label": {
            "event_rate_train": examples.get("train", {}).get("event_rate"),
            "event_rate_test": examples.get("test", {}).get("event_rate"),
            "agreement_with_inactivity": _value(
                connection, queries.AGREEMENT_WITH_INACTIVITY
            ),
        },
        "champion": {
            "name": CHAMPION_NAME,
            "model_version": model_version,
            "test": _metrics(metrics, CHAMPION_NAME, "test"),
            "test_unseen": _metrics(metrics, CHAMPION_NAME, "test_unseen"),
        },
        "candidates": {
            name: {
                "test": _metrics(metrics, name, "test"),
                "test_unseen": _metrics(metrics, name, "test_unseen"),
            }
            for name, kind in _kinds(metrics).items()
            if kind not in (BASELINE_KIND, CIRCULAR_KIND)
        },
        "baselines": {
            name: {"test": _metrics(metrics, name, "test")}
            for name, kind in _kinds(metrics).items()
            if kind == BASELINE_KIND
        },
        "scored_customers": statuses.get("scored", 0),
        "not_scored_customers": statuses.get("not_scored", 0),
        "release_id": release,
        "seconds": {step: round(value, 3) for step, value in seconds.items()},
    }
    details = {
        **_rows(connection, queries.TARGET, version)[0],
        "circular_auc": next(
            (r["roc_auc"] for r in metrics if r["candidate_kind"] == CIRCULAR_KIND),
            None,
        ),
        "grades": _rows(connection, queries.CUSTOMERS_BY_GRADE, version),
    }
    return Report(summary=summary, details=details)


def _champion(connection: duckdb.DuckDBPyConnection) -> str:
    model_version = _value(connection, queries.CHAMPION)
    if model_version is None:
        raise PipelineError("no champion in model.model_promotions: train first")
    return str(model_version)


def _rows(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> list[Json]:
    result = connection.execute(query, dict(parameters or {}))
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def _value(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> Any:  # noqa: ANN401 - a column of any type
    rows = _rows(connection, query, parameters)
    return next(iter(rows[0].values())) if rows else None


def _counts(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return dict(tuple(row.values()) for row in _rows(connection, query))


def _kinds(metrics: list[Json]) -> dict[str, str]:
    """Kind of each candidate, in the order in which training wrote them."""
    return {row["candidate"]: row["candidate_kind"] for row in metrics}


def _metrics(metrics: list[Json], candidate: str, split: str) -> Json | None:
    """Give the row of a candidate and split its published form."""
    for row in metrics:
        if (row["candidate"], row["split"]) == (candidate, split):
            return {
                **{name: _number(row[name]) for name in SCALAR_METRICS},
                "roc_auc_ci": [
                    _number(row["roc_auc_lower"]),
                    _number(row["roc_auc_upper"]),
                ],
                "confusion": {
                    "tp": row["true_positives"],
                    "fp": row["false_positives"],
                    "tn": row["true_negatives"],
                    "fn": row["false_negatives"],
                },
                "rows": row["row_count"],
                "event_rate": row["event_rate"],
            }
    return None


def _number(value: float | None) -> float | None:
    """JSON knows no NaN: what could not be measured is null."""
    return value if value is not None and math.isfinite(value) else None


def _replace(path: Path, content: Json) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, allow_nan=False, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
