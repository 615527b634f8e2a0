"""A model of the smallest size, and a million customers to score with it."""

from tests.benchmarks.rounds import summary
from tests.benchmarks.scoring import score
from tests.benchmarks.sizes import simulate
from tests.benchmarks.steps import BUILD
from tests.benchmarks.workbench import Json, Workbench

TRAINED_ON = 95_662
CUSTOMERS = 1_000_000


def measure_scoring(bench: Workbench) -> Json:
    """Train, then score; the two SQL forms must agree."""
    bench.clear()
    parquet, _ = simulate(bench, TRAINED_ON)
    bench.dbt("scoring: build", parquet, *BUILD)
    bench.python("scoring: train", "training")
    bench.dbt("scoring: score", parquet, "build", "--select", "tag:scoring")
    measured = bench.task(
        f"scoring: {CUSTOMERS:,} customers",
        score,
        data_dir=str(bench.data_dir),
        customers=CUSTOMERS,
        memory_limit=bench.memory_limit,
        file=str(bench.scratch / "scoring.duckdb"),
    )
    bench.clear()
    return summary([measured])
