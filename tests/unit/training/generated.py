"""A small warehouse with the marts' schema, generated: activity falls with risk."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from tests.unit.model_schema import model_ddl

PROJECT = Path(__file__).resolve().parents[3]
SEEDS = PROJECT / "dbt_project" / "seeds"
SPLIT_BY_WEEK = {
    0: "train",
    1: "train",
    2: "embargo",
    3: "embargo",
    4: "embargo",
    5: "test",
}
FIRST_SNAPSHOT = date(2018, 12, 13)


@dataclass(frozen=True)
class World:
    """Size and strength of a generated population."""

    customers: int = 700
    signal: float = 1.0
    seed: int = 7


def generate_examples(world: World = World()) -> pd.DataFrame:  # frozen
    """Rows of marts.fct_training_examples: activity falls with latent risk."""
    rng = np.random.default_rng(world.seed)
    risk = rng.normal(size=world.customers)
    fold = rng.integers(0, 5, world.customers)
    arrival = rng.integers(-8, 6, world.customers)
    frames = []
    for week, split in SPLIT_BY_WEEK.items():
        known = (arrival <= week) & (rng.random(world.customers) < 0.75)
        frame = _features(risk[known] * world.signal, rng)
        pull = 2.2 * risk[known] * world.signal
        frame["is_high_risk"] = pull + rng.logistic(size=known.sum()) > 0.6
        frame["is_high_risk_same_window"] = frame["recency_days"] > 14
        frame["customer_id"] = np.char.add("C", np.flatnonzero(known).astype(str))
        frame["customer_fold"] = fold[known]
        frame["split"] = split
        frame["snapshot_date"] = FIRST_SNAPSHOT + timedelta(days=7 * week)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True).assign(parameters_hash="abc123")


def _features(risk: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    rows = len(risk)
    count = 1 + rng.poisson(np.exp(1.6 - 0.9 * risk))
    recency = 28 * rng.beta(1 + np.exp(0.5 * risk), 2 + 0.3 * count)
    single = count == 1
    value = np.exp(rng.normal(7, 1, rows))
    spread = value * rng.random(rows)
    recent = rng.binomial(count, 0.25)
    trend = rng.binomial(count, 0.5) / count
    airtime = rng.binomial(count, 0.4) / count
    financial = (1 - airtime) * rng.random(rows)
    tenure = recency + (28 - recency) * rng.random(rows) * ~single
    categories = np.array(["airtime", "financial_services", "utility_bill", "tv"])
    columns = {
        "recency_days": recency,
        "transaction_count": count,
        "total_value": value * count,
        "avg_value": value,
        "std_value": np.where(single, np.nan, spread),
        "min_value": value - spread / 2,
        "max_value": value + spread,
        "median_value": value * 0.9,
        "net_amount": value * count * 0.4,
        "credit_share": rng.binomial(count, 0.3) / count,
        "tenure_days": tenure,
        "active_days": np.minimum(count, 1 + rng.poisson(0.7 * count)),
        "avg_gap_days": np.where(
            single, np.nan, (tenure - recency) / np.maximum(count - 1, 1)
        ),
        "night_share": rng.binomial(count, 0.1) / count,
        "weekend_share": rng.binomial(count, 0.28) / count,
        "transaction_count_7d": recent,
        "value_7d": value * recent,
        "transaction_count_trend": trend,
        "value_trend": trend * rng.random(rows),
        "product_category_count": 1 + rng.binomial(np.minimum(count, 4), 0.4),
        "airtime_share": airtime,
        "financial_services_share": financial,
        "utility_bill_share": 1 - airtime - financial,
        "main_product_category": rng.choice(categories, rows, p=[0.5, 0.4, 0.08, 0.02]),
        "main_channel": np.where(
            rng.random(rows) < 1 / (1 + np.exp(-risk)), "channel_2", "channel_3"
        ),
        "main_pricing_strategy": rng.choice(["2", "4"], rows, p=[0.8, 0.2]),
    }
    return pd.DataFrame(columns)


def column_kinds() -> dict[str, str]:
    """Type of each column of marts.fct_training_examples."""
    kinds = {"customer_id": "varchar", "snapshot_date": "date", "split": "varchar"}
    kinds |= {"customer_fold": "integer", "is_high_risk": "boolean"}
    kinds |= {"is_high_risk_same_window": "boolean", "parameters_hash": "varchar"}
    return kinds | {
        row["name"]: "varchar" if row["kind"] == "categorical" else "double"
        for row in read_seed("feature_contract")
    }


def read_seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_warehouse(data_dir: Path, examples: pd.DataFrame) -> Path:
    """Create warehouse.duckdb under `data_dir` as dbt would leave it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "warehouse.duckdb"
    columns = ", ".join(
        f'cast("{name}" as {kind}) as "{name}"' for name, kind in column_kinds().items()
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema seeds")
        connection.execute(model_ddl())
        for seed in ("feature_contract", "rating_scale"):
            source = SEEDS / f"{seed}.csv"
            connection.execute(
                f"create table seeds.{seed} as from read_csv('{source}')"
            )
        connection.register("generated", examples)
        connection.execute(
            f"create table marts.fct_training_examples as select {columns}"  # noqa: S608 # names of the contract
            " from generated"
        )
        names = ", ".join(row["name"] for row in read_seed("feature_contract"))
        keys = f"customer_id, parameters_hash, {names}"
        connection.execute(
            f"create table marts.fct_customer_features as select {keys},"  # noqa: S608 # names of the contract
            " snapshot_date, split from marts.fct_training_examples union all by name"
            f" select {keys}, snapshot_date + 28 as snapshot_date, 'score' as split"
            " from marts.fct_training_examples where split = 'test'"
        )
        connection.execute(
            "create table marts.dim_parameters as select 'proxy' as label_source,"
            " cast(42 as bigint) as seed,"
            " 28 as observation_days, 28 as outcome_days, 84 as days_needed,"
            " 91 as days_covered, 'abc123' as parameters_hash,"
            " 5.0::double as type_1_error_cost, 1.0::double as type_2_error_cost,"
            " null::double as central_tendency"
        )
        land(connection, data_dir)
    return path


def land(connection: duckdb.DuckDBPyConnection, data_dir: Path) -> None:
    """Write a raw file, and what landing would leave of it."""
    file = data_dir / "raw" / "transactions.csv"
    file.parent.mkdir()
    file.write_text("CustomerId,TransactionStartTime,Amount\n", encoding="utf-8")
    connection.execute(
        "create schema raw;"
        " create table raw.files (source_file varchar, file_path varchar,"
        " size_bytes bigint, modified_at timestamp, data_kind varchar);"
        " create table raw.transactions as"
        " select timestamp '2019-02-13 23:59:59' as TransactionStartTime"
    )
    modified_at = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    connection.execute(
        "insert into raw.files values (?, ?, ?, ?, 'raw')",
        [
            file.name,
            str(file),
            file.stat().st_size,
            modified_at.replace(microsecond=0, tzinfo=None),
        ],
    )
