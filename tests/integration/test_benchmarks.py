"""The benchmark, on few rows: it runs, it compares, and it notices a difference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PipelineError
from pipeline.processes import Children
from tests.benchmarks import hand_written, warehouse
from tests.benchmarks.pipeline import run
from tests.benchmarks.scoring import score
from tests.benchmarks.table import table_text
from tests.benchmarks.workbench import Workbench
from tests.conftest import Workspace


def measured(folder: Path, *parts: str) -> dict[str, Any]:
    with Children() as children:
        bench = Workbench(folder=folder, children=children, memory_limit="1GB")
        document = run(bench, [1_000], parts, rounds=1)
    assert json.loads((folder / "pipeline.json").read_text()) == document
    assert not bench.scratch.exists()
    assert not bench.warehouse.exists()
    for step in document["sizes"]["1000"]["steps"].values():
        assert step["seconds"] > 0
        assert step["peak_bytes"] > 20e6
    return document


def test_few_rows(tmp_path: Path) -> None:
    document = measured(tmp_path, "models", "pandas")
    assert "dbt models / (a)" in table_text(document)
    size = document["sizes"]["1000"]
    assert 500 < size["rows"] < 5_000
    steps = size["steps"]
    both = {"pandas_usual", "pandas_vectorised"}
    assert set(steps) == {"simulate", "models", "query", *both}
    models = steps["models"]
    assert "int_customer_features__computed" in models["per_model"]
    assert models["features_seconds"] < models["seconds"]
    assert models["start_up_seconds"] > 0
    assert set(steps["query"]["per_snapshot"]) == set(size["snapshots"])


@pytest.mark.hard
def test_few_rows_in_every_step(tmp_path: Path) -> None:
    document = measured(tmp_path, "landing", "models", "tests", "week")
    steps = document["sizes"]["1000"]["steps"]
    assert {"landing_csv", "landing_parquet", "tests", "week"} <= set(steps)
    assert steps["week"]["features_seconds"] < steps["week"]["seconds"]


def test_a_feature_that_differs_is_told(
    simulated: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = hand_written.FEATURES
    changed = honest.replace("interval 7 day", "interval 8 day")
    monkeypatch.setattr(hand_written, "FEATURES", changed)
    built = simulated.data_dir / "warehouse.duckdb"
    snapshots = warehouse.described(warehouse=str(built))["snapshots"]
    with pytest.raises(PipelineError, match=r"differ on .*transaction_count_7d of \d+"):
        hand_written.features(
            parquet=str(simulated.data_dir / "simulated" / "transactions.parquet"),
            snapshots=[max(snapshots)],
            warehouse=str(built),
            memory_limit="1GB",
            file=str(tmp_path / "by_hand.duckdb"),
        )


def test_scoring(simulated: Workspace, tmp_path: Path) -> None:
    scored = score(
        data_dir=str(simulated.data_dir),
        customers=5_000,
        memory_limit="1GB",
        file=str(tmp_path / "scoring.duckdb"),
        rounds=1,
    )
    assert scored["customers"] == 5_000
    assert 500 < scored["distinct_customers"] < 5_000
    assert scored["features_in_card"] > 0
    assert scored["seconds"] == scored["points_seconds"] + scored["scores_seconds"] > 0
    assert scored["optbinning_seconds"] > 0
