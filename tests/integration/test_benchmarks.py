"""The benchmark, on few rows: it runs, it compares, and it notices a difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.processes import Children
from tests.benchmarks import hand_written, warehouse
from tests.benchmarks.pipeline import run
from tests.benchmarks.scoring import score
from tests.benchmarks.table import table_text
from tests.benchmarks.workbench import Workbench
from tests.conftest import Workspace


def test_a_thousand_rows(tmp_path: Path) -> None:
    parts = ("models", "pandas", "week")
    with Children() as children:
        bench = Workbench(folder=tmp_path, children=children, memory_limit="1GB")
        document = run(bench, [1_000], parts, rounds=1)

    assert json.loads((tmp_path / "pipeline.json").read_text()) == document
    size = document["sizes"]["1000"]
    assert 700 < size["rows"] < 1_300
    steps = size["steps"]
    assert set(steps) == {
        "simulate",
        "models",
        "query",
        "pandas_usual",
        "pandas_vectorised",
        "week",
    }
    assert all(step["seconds"] > 0 for step in steps.values())
    assert all(step["peak_bytes"] > 20e6 for step in steps.values())
    models = steps["models"]
    assert "int_customer_features__computed" in models["per_model"]
    assert models["features_seconds"] < models["seconds"]
    assert models["start_up_seconds"] > 0
    assert set(steps["query"]["per_snapshot"]) == set(size["snapshots"])
    assert "dbt models / (a)" in table_text(document)
    assert not bench.scratch.exists()
    assert not bench.warehouse.exists()


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
    assert scored["features_in_card"] > 0
    assert scored["seconds"] == scored["points_seconds"] + scored["scores_seconds"] > 0
    assert scored["optbinning_seconds"] > 0
