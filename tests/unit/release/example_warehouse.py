"""A small warehouse made by hand, as dbt and training would leave it.

Four card features: one numeric feature alone, two numeric ones that share a
reason code, and a categorical one.
"""

import math
import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.model_schema import model_ddl
from tests.unit.training.generated import SEEDS, read_seed

MODEL_VERSION = "0123456789ab"
PARAMETERS_HASH = "feedc0ffee00"
SNAPSHOT = date(2019, 2, 14)
FACTOR = 20 / math.log(2)
OFFSET = 600 - FACTOR * math.log(50)
INTERCEPT = -1.3
CUTOFF_SCORE = 510.0

CONTRACT = read_seed("feature_contract")
FEATURES = [row["name"] for row in CONTRACT]
CATEGORICAL = [row["name"] for row in CONTRACT if row["kind"] == "categorical"]

# feature: (reason code, coefficient, [(kind, lower, upper, categories, woe)])
CARD: dict[str, tuple[str, float, list[tuple[Any, ...]]]] = {
    "recency_days": (
        "R01",
        -0.9,
        [
            ("missing", None, None, None, -0.1),
            ("range", None, 3.5, None, 1.2),
            ("range", 3.5, 0.1 + 14.2, None, 0.2),
            ("range", 0.1 + 14.2, None, None, -1.4),
        ],
    ),
    "transaction_count": (
        "R02",
        -0.7,
        [
            ("missing", None, None, None, 0.0),
            ("range", None, 2.0, None, -0.8),
            ("range", 2.0, None, None, 0.9),
        ],
    ),
    "active_days": (
        "R02",
        -0.3,
        [
            ("missing", None, None, None, 0.0),
            ("range", None, None, None, 0.05),
        ],
    ),
    "main_channel": (
        "R12",
        -0.5,
        [
            ("missing", None, None, None, 0.3),
            ("category", None, None, ["channel_1", "channel_2"], 0.4),
            ("category", None, None, ["channel_3"], -0.6),
            ("other", None, None, None, -0.2),
        ],
    ),
}

SCALE = [
    ("A", 560.0, None, "approve", 0.3),
    ("B", CUTOFF_SCORE, 560.0, "approve", 0.3),
    ("C", 480.0, CUTOFF_SCORE, "refer", 0.2),
    ("D", None, 480.0, "refer", 0.2),
]


def points_of(coefficient: float, woe: float) -> float:
    """Compute the points of a bin; the card features share offset and intercept."""
    share = len(CARD)
    return OFFSET / share + FACTOR * (-(coefficient * woe) - INTERCEPT / share)


def example_customers(count: int = 300) -> list[dict[str, Any]]:
    """Draw customers with nulls, values on bin edges and categories of no bin."""
    draw = random.Random(7)  # noqa: S311 (not a secret)
    edges = [3.5, 0.1 + 14.2, 2.0, math.nextafter(3.5, 0), 0.0]
    divisor = {
        row["name"]: 30.0 if row["unit"].startswith("share of ") else 1.0
        for row in CONTRACT
    }
    rows: list[dict[str, Any]] = []
    for number in range(count):
        row: dict[str, Any] = {"customer_id": f"CustomerId_{number}"}
        for name in FEATURES:
            if draw.random() < 0.15:
                row[name] = None
            elif name in CATEGORICAL:
                row[name] = f"channel_{draw.randrange(1, 6)}"
            elif draw.random() < 0.4:
                row[name] = draw.choice(edges) / divisor[name]
            else:
                row[name] = draw.uniform(0, 30) / divisor[name]
        rows.append(row)
    return rows


NOT_SCORED = ["CustomerId_late", "it's", "/Zoë//😀 %2F"]


def create_warehouse(path: Path, *, customers: int = 300) -> Path:
    """Write the example into a new DuckDB file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        _create_model(connection)
        _create_seeds(connection)
        _create_marts(connection, customers)
        connection.execute("create schema raw")
        connection.execute("create table raw.files as select 'simulated' as data_kind")
    return path


def _create_model(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(model_ddl())
    _insert(
        connection,
        "model.scorecard",
        {
            "model_version": MODEL_VERSION,
            "target_name": "expected inactivity",
            "label_source": "proxy",
            "parameters_hash": PARAMETERS_HASH,
            "points_to_double_odds": 20.0,
            "reference_score": 600.0,
            "reference_odds": 50.0,
            "score_factor": FACTOR,
            "score_offset": OFFSET,
            "intercept": INTERCEPT,
            "calibration_intercept": 0.0,
            "calibration_slope": 1.0,
            "cutoff_score": CUTOFF_SCORE,
            "score_shown_min": 300,
            "score_shown_max": 850,
            "reasons_at_most": 4,
        },
    )
    for position, (feature, (code, coefficient, bins)) in enumerate(CARD.items(), 1):
        _insert(
            connection,
            "model.scorecard_features",
            {
                "model_version": MODEL_VERSION,
                "position": position,
                "feature": feature,
                "reason_code": code,
                "information_value": 0.2,
                "coefficient": coefficient,
                "reference_points": points_of(coefficient, 0.12),
            },
        )
        for index, (kind, lower, upper, categories, woe) in enumerate(bins):
            _insert(
                connection,
                "model.scorecard_points",
                {
                    "model_version": MODEL_VERSION,
                    "feature": feature,
                    "bin_index": index,
                    "bin_kind": kind,
                    "lower": lower,
                    "upper": upper,
                    "categories": categories,
                    "row_count": 100,
                    "event_count": 20,
                    "woe": woe,
                    "points": points_of(coefficient, woe),
                },
            )
    for position, (grade, lower, upper, action, share) in enumerate(SCALE, 1):
        _insert(
            connection,
            "model.rating_scale",
            {
                "model_version": MODEL_VERSION,
                "position": position,
                "grade": grade,
                "lower": lower,
                "upper": upper,
                "action": action,
                "target_share": share,
            },
        )
    _insert(
        connection,
        "model.training_runs",
        {
            "training_fingerprint": "t" * 12,
            "model_version": MODEL_VERSION,
            "trained_at": datetime(2019, 2, 15, 12, 30),
            "dataset_fingerprint": "d" * 12,
            "parameters_hash": PARAMETERS_HASH,
            "code_fingerprint": "c" * 12,
            "seed": 42,
            "trained_by": "ann",
            "inputs": "{}",
            "parameters": "{}",
            "mlflow_run_id": "run",
            "registered_name": "credit_scoring_model",
            "registered_version": "1",
            "first_train_snapshot": date(2018, 12, 13),
            "last_train_snapshot": date(2018, 12, 20),
            "test_snapshot": date(2019, 1, 17),
            "agreement_with_inactivity": 0.99,
        },
    )
    promote(connection, MODEL_VERSION, datetime(2019, 2, 15, 12, 31))


def promote(
    connection: duckdb.DuckDBPyConnection, model_version: str, at: datetime
) -> None:
    """Append a promotion."""
    _insert(
        connection,
        "model.model_promotions",
        {
            "model_version": model_version,
            "promoted_at": at,
            "rule": "bootstrap",
            "reason": "first model",
            "gate_results": "{}",
        },
    )


def _create_seeds(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create schema seeds")
    for name in ("feature_contract", "policy_reasons", "rating_scale"):
        connection.execute(
            f"create table seeds.{name} as from read_csv(?)",
            [str(SEEDS / f"{name}.csv")],
        )


def _create_marts(connection: duckdb.DuckDBPyConnection, customers: int) -> None:
    columns = ", ".join(
        f"{name} {'varchar' if name in CATEGORICAL else 'double'}" for name in FEATURES
    )
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.fct_customer_features (customer_id varchar, "
        f"snapshot_date date, split varchar, parameters_hash varchar, {columns})"
    )
    connection.execute(
        "create table marts.fct_customer_scores (customer_id varchar, "
        "snapshot_date date, model_version varchar, status varchar, "
        "not_scored_reason varchar, parameters_hash varchar)"
    )
    rows = example_customers(customers)
    # An older snapshot of the first customer, which must not be read.
    older = {"split": "train", "snapshot_date": date(2018, 12, 20)}
    values = {"main_channel": "channel_of_another_time", "recency_days": -1.0}
    features = [_key() | row for row in rows] + [_key() | rows[0] | older | values]
    _insert(connection, "marts.fct_customer_features", *features)
    reason = {"status": "not_scored", "not_scored_reason": "no_recent_transactions"}
    scores = [_score(row["customer_id"]) for row in rows]
    scores += [_score(customer_id) | reason for customer_id in NOT_SCORED]
    _insert(connection, "marts.fct_customer_scores", *scores)


def _key() -> dict[str, Any]:
    return {
        "snapshot_date": SNAPSHOT,
        "split": "score",
        "parameters_hash": PARAMETERS_HASH,
    }


def _score(customer_id: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "snapshot_date": SNAPSHOT,
        "model_version": MODEL_VERSION,
        "status": "scored",
        "not_scored_reason": None,
        "parameters_hash": PARAMETERS_HASH,
    }


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, *rows: dict[str, Any]
) -> None:
    names = ", ".join(f'"{name}"' for name in rows[0])
    row_of_marks = ", ".join("?" for _ in rows[0])
    marks = ", ".join(f"({row_of_marks})" for _ in rows)
    connection.execute(
        f"insert into {table} ({names}) values {marks}",  # noqa: S608 (test data)
        [value for row in rows for value in row.values()],
    )
