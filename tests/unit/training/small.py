"""A warehouse small enough to check by hand: a card of two features, few customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.model_schema import model_ddl

TRAIN, TEST, SCORE = date(2019, 1, 1), date(2019, 1, 29), date(2019, 2, 26)
DAYS_OF = {"train": TRAIN, "test": TEST, "score": SCORE}
NEAR, FAR = 5.0, 15.0
PARAMETERS = "abc123"


@dataclass(frozen=True)
class Card:
    """Points of a near and of a far customer; 500 parts grades A and B."""

    version: str
    near: float = 510.0
    far: float = 470.0
    slope: float = 1.0
    auc: float | None = 0.8
    trials: int | None = None
    auc_corrected: float | None = None
    last_train: date = TRAIN
    trained_by: str = "tom"
    parameters_hash: str = PARAMETERS


def create(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Create the tables that gates read, without a row."""
    connection = duckdb.connect(str(path))
    connection.execute(model_ddl())
    connection.execute(
        "create schema marts;"
        " create table marts.fct_customer_features (customer_id varchar,"
        " snapshot_date date, split varchar, parameters_hash varchar,"
        " recency_days double, main_channel varchar);"
        " create table marts.fct_training_examples (customer_id varchar,"
        " snapshot_date date, is_high_risk boolean);"
        " create table marts.dim_parameters as select 28 as outcome_days"
    )
    return connection


def add_customers(
    connection: duckdb.DuckDBPyConnection,
    split: str,
    *,
    near: int = 0,
    far: int = 0,
    bad: Sequence[int] = (0, 0),
) -> None:
    """Add customers to a split; `bad` of the near and of the far ones went bad."""
    for place, recency, count, bads in (
        ("near", NEAR, near, bad[0]),
        ("far", FAR, far, bad[1]),
    ):
        for index in range(count):
            customer, day = f"{place} {index}", DAYS_OF[split]
            connection.execute(
                "insert into marts.fct_customer_features values (?, ?, ?, ?, ?, 'web')",
                [customer, day, split, PARAMETERS, recency],
            )
            if split != "score":
                connection.execute(
                    "insert into marts.fct_training_examples values (?, ?, ?)",
                    [customer, day, index < bads],
                )


def add_card(connection: duckdb.DuckDBPyConnection, card: Card) -> None:
    """Add a version as a training leaves it."""
    version = {"model_version": card.version}
    _insert(
        connection,
        "scorecard",
        version
        | {"target_name": "t", "label_source": "proxy", "parameters_hash": "p"}
        | dict.fromkeys(("points_to_double_odds", "score_factor"), 20.0)
        | dict.fromkeys(("reference_score", "score_offset", "cutoff_score"), 500.0)
        | {"reference_odds": 50.0, "intercept": 0.0, "calibration_intercept": 0.0}
        | {"calibration_slope": card.slope, "score_shown_min": 300}
        | {"score_shown_max": 850, "reasons_at_most": 4},
    )
    points = {
        "recency_days": [
            ("missing", None, None, None, 0.0),
            ("range", None, 10.0, None, card.near),
            ("range", 10.0, None, None, card.far),
        ],
        "main_channel": [
            ("missing", None, None, None, 1.0),
            ("category", None, None, ["web", "app"], 0.0),
            ("other", None, None, None, -2.0),
        ],
    }
    for position, (feature, bins) in enumerate(points.items(), 1):
        _insert(
            connection,
            "scorecard_features",
            version
            | {"position": position, "feature": feature, "reason_code": feature}
            | {"information_value": 1.0, "coefficient": -1.0, "reference_points": 0.0},
        )
        for index, (kind, lower, upper, categories, earned) in enumerate(bins):
            _insert(
                connection,
                "scorecard_points",
                version
                | {"feature": feature, "bin_index": index, "bin_kind": kind}
                | {"lower": lower, "upper": upper, "categories": categories}
                | {"row_count": 1, "event_count": 0, "woe": 0.0, "points": earned},
            )
    for position, grade, lower, upper, action in (
        (1, "A", 500.0, None, "approve"),
        (2, "B", None, 500.0, "refer"),
    ):
        _insert(
            connection,
            "rating_scale",
            version
            | {"position": position, "grade": grade, "lower": lower, "upper": upper}
            | {"action": action, "target_share": 0.5},
        )
    fingerprint = {"training_fingerprint": f"training of {card.version}"}
    _insert(
        connection,
        "training_runs",
        version
        | fingerprint
        | {"trained_at": datetime(2019, 3, 1), "dataset_fingerprint": "d"}
        | {"parameters_hash": card.parameters_hash, "code_fingerprint": "c"}
        | {"seed": 42, "trained_by": card.trained_by, "inputs": "{}"}
        | {"parameters": "{}", "mlflow_run_id": "r", "registered_name": "m"}
        | {"registered_version": card.version[-1], "first_train_snapshot": TRAIN}
        | {"last_train_snapshot": card.last_train, "test_snapshot": TEST},
    )
    _insert(
        connection,
        "candidate_metrics",
        fingerprint
        | {"candidate": "scorecard", "candidate_kind": "scorecard"}
        | {"split": "train_oof", "row_count": 9, "event_rate": 0.5}
        | {"roc_auc": card.auc, "trials": card.trials}
        | {"roc_auc_corrected": card.auc_corrected},
    )


def add_grades(
    connection: duckdb.DuckDBPyConnection,
    card: Card,
    *,
    rows: Sequence[int] = (30, 30, 30, 10),
    bads: Sequence[int] = (1, 2, 3, 4),
) -> None:
    """Add the grades of a version's train rows, out of fold, the safest first."""
    for position, (count, bad) in enumerate(zip(rows, bads, strict=True), 1):
        _insert(
            connection,
            "grade_calibration",
            {"training_fingerprint": f"training of {card.version}"}
            | {"split": "train_oof", "position": position, "grade": f"G{position}"}
            | {"action": "approve", "row_count": count, "event_count": bad}
            | {"row_share": count / sum(rows)},
        )


def add_promotion(connection: duckdb.DuckDBPyConnection, version: str) -> None:
    """Make a version champion by the first rule."""
    _insert(
        connection,
        "model_promotions",
        {"model_version": version, "promoted_at": datetime(2019, 3, 2)}
        | {"rule": "bootstrap", "reason": "first", "gate_results": "[]"},
    )


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]
) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"insert into model.{table} ({names}) values ({marks})",  # noqa: S608 # fixed names
        list(row.values()),
    )
