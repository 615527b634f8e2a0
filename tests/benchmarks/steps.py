"""The steps of one size, each beside the way it is compared with."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks import files, hand_written, warehouse, with_pandas
from tests.benchmarks.rounds import in_turns, summary
from tests.benchmarks.workbench import DbtCall, Json, Measured, Workbench

NOT_SCORING = ("--exclude", "tag:scoring")
BUILD = (
    *("build", "--resource-type", "model", "--resource-type", "seed"),
    *NOT_SCORING,
)


def csv_of(bench: Workbench, parquet: Path) -> Path:
    """Write the rows of a Parquet file as CSV."""
    csv = bench.scratch / "transactions.csv"
    bench.task(
        "write CSV",
        files.write_csv,
        parquet=str(parquet),
        csv=str(csv),
        memory_limit=bench.memory_limit,
    )
    return csv


def landing(bench: Workbench, source: Path, rounds: int) -> Json:
    """Land a file, beside ``create table as select`` of it; the seeds come along."""
    kind = source.suffix.removeprefix(".")

    def land() -> Measured:
        bench.forget_warehouse()
        title = f"landing, {kind}"
        call = bench.dbt(title, source, "build", "--resource-type", "seed")
        return Measured(
            seconds=call.landing_seconds,
            peak_bytes=call.peak_bytes,
            details={"start_up_seconds": call.start_up_seconds},
        )

    plain = partial(
        bench.task,
        f"plain create table, {kind}",
        hand_written.plain_table,
        source=str(source),
        memory_limit=bench.memory_limit,
        file=str(bench.scratch / "plain.duckdb"),
    )
    ways: dict[str, Callable[[], Measured]] = {
        f"plain_table_{kind}": plain,
        f"landing_{kind}": land,
    }
    return {name: summary(taken) for name, taken in in_turns(ways, rounds).items()}


def models(
    bench: Workbench, parquet: Path, rounds: int, *, is_compared: bool
) -> tuple[Json, Json]:
    """Build all models anew, beside the hand-written query for each snapshot.

    Returns
    -------
    tuple
        What the data is (`warehouse.described`), and the two steps, or the first
        where it is not compared.
    """
    about: Json = {}

    def build() -> Measured:
        # What is landed stays landed: --full-refresh is about models.
        what = ("run", *NOT_SCORING) if bench.warehouse.exists() else BUILD
        call = bench.dbt("models", parquet, *what, "--full-refresh")
        if not about:
            file = str(bench.warehouse)
            title = "rows and snapshots"
            about.update(bench.task(title, warehouse.described, warehouse=file).details)
        return models_of(call)

    def query() -> Measured:
        return bench.task(
            "(a) hand-written query, each snapshot",
            hand_written.features,
            parquet=str(parquet),
            snapshots=sorted(about["snapshots"]),
            warehouse=str(bench.warehouse),
            memory_limit=bench.memory_limit,
            file=str(bench.scratch / "by_hand.duckdb"),
        )

    ways: dict[str, Callable[[], Measured]] = {"models": build}
    if is_compared:
        ways["query"] = query
    taken = in_turns(ways, rounds)
    return about, {name: summary(runs) for name, runs in taken.items()}


def models_of(call: DbtCall) -> Measured:
    """Take the models of a call as a step, with the features and each model apart."""
    return Measured(
        seconds=call.busy_seconds,
        peak_bytes=call.peak_bytes,
        details={
            "features_seconds": call.features_seconds,
            "start_up_seconds": call.start_up_seconds,
            "landing_seconds": call.landing_seconds,
            "per_model": dict(sorted(call.nodes.items(), key=lambda node: -node[1])),
        },
    )


def tests(bench: Workbench, parquet: Path) -> Json:
    """Run the data tests once."""
    call = bench.dbt("tests", parquet, "test", *NOT_SCORING, "test_type:unit")
    return summary([Measured(seconds=call.busy_seconds, peak_bytes=call.peak_bytes)])


def pandas(
    bench: Workbench, parquet: Path, snapshots: dict[str, str], rounds: int
) -> Json:
    """Compute features and label with pandas, as usual and vectorised."""
    ways = {
        f"pandas_{style}": partial(
            bench.task,
            f"(b) pandas, {style}",
            with_pandas.features_and_label,
            parquet=str(parquet),
            snapshots=snapshots,
            warehouse=str(bench.warehouse),
            style=style,
        )
        for style in with_pandas.STYLES
    }
    return {name: summary(taken) for name, taken in in_turns(ways, rounds).items()}
