"""What a run has done, read from the warehouse: ``reports/summary.json``.

Every number is read; no metric is computed here a second time.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline import queries
from pipeline.cards import Json, cards_of, promotion_in_force
from pipeline.dbt_events import explained
from pipeline.errors import PipelineError
from pipeline.queries import counts, rows
from pipeline.settings import Settings
from release.errors import ReleaseError
from release.layout import current_release_id, read_manifest
from training.done import read_done
from training.warehouse import data_kind_of


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
            return _read(connection, settings, seconds)
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
            return str(promotion_in_force(connection)["model_version"])
    except duckdb.Error as error:
        raise PipelineError(explained(str(error))) from error


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
    settings: Settings,
    seconds: Mapping[str, float],
) -> Report:
    last = read_done(settings.data_dir)
    cards = cards_of(connection, last)
    circular_auc = cards.pop("circular_auc")
    version = {"model_version": cards["champion"]["model_version"]}
    release_id = current_release_id(settings.releases)
    accepted = rows(connection, queries.ACCEPTED)[0]
    rejected = counts(connection, queries.REJECTED_BY_REASON)
    kinds = [row["data_kind"] for row in rows(connection, queries.DATA_KINDS)]
    examples = {
        row["split"]: row for row in rows(connection, queries.EXAMPLES_BY_SPLIT)
    }
    statuses = counts(connection, queries.SCORED_BY_STATUS)
    summary = {
        "data": data_kind_of(kinds),
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
            for row in rows(connection, queries.SNAPSHOTS)
        ],
        "train_rows": examples.get("train", {}).get("row_count", 0),
        "test_rows": examples.get("test", {}).get("row_count", 0),
        "label": {
            "event_rate_train": examples.get("train", {}).get("event_rate"),
            "event_rate_test": examples.get("test", {}).get("event_rate"),
            "agreement_with_inactivity": rows(
                connection, queries.AGREEMENT_WITH_INACTIVITY
            )[0]["agreement"],
        },
        **cards,
        "not_trained": last.note if last else None,
        "scored_customers": statuses.get("scored", 0),
        "not_scored_customers": statuses.get("not_scored", 0),
        "not_scored_by_reason": counts(connection, queries.NOT_SCORED_BY_REASON),
        "release_id": release_id,
        "released": _released(settings, release_id),
        "seconds": {step: round(value, 3) for step, value in seconds.items()},
    }
    details = {
        **rows(connection, queries.TARGET, version)[0],
        "circular_auc": circular_auc,
        "grades": rows(connection, queries.CUSTOMERS_BY_GRADE, version),
    }
    return Report(summary=summary, details=details)


def _released(settings: Settings, release_id: str | None) -> Json | None:
    """Which card the release serves, by which alias, and whether it is promoted."""
    if release_id is None:
        return None
    try:
        manifest = read_manifest(settings.releases / release_id)
    except ReleaseError as error:
        raise PipelineError(str(error)) from error
    return {
        "alias": manifest["alias"],
        "model_version": manifest["model_version"],
        "is_promoted": manifest["promotion"] is not None,
    }


def _replace(path: Path, content: Json) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, allow_nan=False, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
