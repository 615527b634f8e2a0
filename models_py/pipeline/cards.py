"""The trained cards of a summary: the champion, and a newer one that waits.

Figures are read with the training that measured them, so that none is shown beside
data it has not seen.
"""

import math
from typing import Any

import duckdb

from pipeline import queries
from pipeline.errors import PipelineError
from training.done import Done

CARD = "scorecard"
BASELINE_KIND, CIRCULAR_KIND = "baseline", "circular"
SCALAR_METRICS = (
    *("accuracy", "precision", "recall", "f1", "roc_auc", "pr_auc", "ks", "gini"),
    "brier",
)

Json = dict[str, Any]


def cards_of(connection: duckdb.DuckDBPyConnection, last: Done | None) -> Json:
    """Champion, candidates and baselines of one training; a newer card beside them.

    Returns
    -------
    dict
        ``champion``, ``candidates``, ``baselines``, ``new_candidate`` (None unless
        the last training made another card) and ``circular_auc``.

    Raises
    ------
    PipelineError
        There is no champion.
    """
    promotion = promotion_in_force(connection)
    version = promotion["model_version"]
    newest = _first(
        queries.rows(
            connection,
            queries.TRAINING,
            _key(last.training_fingerprint if last else None),
        )
    )
    is_this_data = newest is not None and newest["model_version"] == version
    training = (
        newest
        if is_this_data
        else _first(
            queries.rows(
                connection, queries.CHAMPION_TRAINING, {"model_version": version}
            )
        )
    )
    metrics = _metrics_of(connection, training)
    kinds = {row["candidate"]: row["candidate_kind"] for row in metrics}
    champion = {
        "name": CARD,
        **_card(version, training, metrics),
        "promoted": {
            "at": _moment(promotion["promoted_at"]),
            "rule": promotion["rule"],
            "approver": promotion["approver"],
        },
        "is_of_this_data": is_this_data if last else None,
    }
    return {
        "champion": champion,
        "candidates": {
            name: _both(metrics, name)
            for name, kind in kinds.items()
            if kind not in (BASELINE_KIND, CIRCULAR_KIND)
        },
        "baselines": {
            name: {"test": _metrics(metrics, name, "test")}
            for name, kind in kinds.items()
            if kind == BASELINE_KIND
        },
        "new_candidate": None
        if newest is None or is_this_data
        else _card(newest["model_version"], newest, _metrics_of(connection, newest)),
        "circular_auc": next(
            (r["roc_auc"] for r in metrics if r["candidate_kind"] == CIRCULAR_KIND),
            None,
        ),
    }


def promotion_in_force(connection: duckdb.DuckDBPyConnection) -> Json:
    """Read the promotion in force.

    Raises
    ------
    PipelineError
        There is none: training ended without a model.
    """
    promotion = _first(queries.rows(connection, queries.CHAMPION))
    if promotion is None:
        raise PipelineError("no champion in model.model_promotions: train first")
    return promotion


def _card(version: str, training: Json | None, metrics: list[Json]) -> Json:
    run = training or {}
    best = run.get("best_column")
    return {
        "model_version": version,
        **_both(metrics, CARD),
        "gain": None
        if best is None
        else {
            "over": best,
            "auc": run["auc_gain"],
            "auc_ci": [run["auc_gain_lower"], run["auc_gain_upper"]],
        },
        "trained_at": _moment(run["trained_at"]) if run else None,
        "measured_on": {
            name: run[name].isoformat()
            for name in ("first_train_snapshot", "last_train_snapshot", "test_snapshot")
        }
        # A training of an earlier version did not record them.
        if run.get("test_snapshot")
        else None,
    }


def _both(metrics: list[Json], candidate: str) -> Json:
    return {
        "test": _metrics(metrics, candidate, "test"),
        "test_unseen": _metrics(metrics, candidate, "test_unseen"),
    }


def _metrics_of(
    connection: duckdb.DuckDBPyConnection, training: Json | None
) -> list[Json]:
    fingerprint = training["training_fingerprint"] if training else None
    return queries.rows(connection, queries.CANDIDATE_METRICS, _key(fingerprint))


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


def _moment(at: Any) -> str:  # noqa: ANN401 - a timestamp of DuckDB
    return str(at.isoformat(timespec="seconds"))


def _key(fingerprint: str | None) -> dict[str, object]:
    return {"training_fingerprint": fingerprint}


def _first(rows: list[Json]) -> Json | None:
    return rows[0] if rows else None
