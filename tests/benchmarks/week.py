"""A new week: what it costs when all the rest is built, and that nothing differs."""

import shutil
from pathlib import Path

from pipeline.errors import PipelineError
from tests.benchmarks import files, warehouse
from tests.benchmarks.rounds import LONG_SECONDS, in_turns, summary
from tests.benchmarks.steps import BUILD, NOT_SCORING, models_of
from tests.benchmarks.workbench import FEATURES, DbtCall, Json, Measured, Workbench


def week(bench: Workbench, parquet: Path, rounds: int) -> Json:
    """Build without the last week, then with it as a second file.

    The warehouse at hand must be of all rows: its marts are compared with those of
    the two builds.

    Raises
    ------
    PipelineError
        More than one snapshot was computed, or the marts are not those of one build.
    """
    at_once = _fingerprint(bench)
    folder, aside = bench.scratch / "weeks", bench.scratch / "last_week.parquet"
    bench.task(
        "set the last week aside",
        files.split_last_week,
        parquet=str(parquet),
        before=str(folder / "before.parquet"),
        last_week=str(aside),
        memory_limit=bench.memory_limit,
    )
    bench.forget_warehouse()
    first = bench.dbt("build without the last week", folder, *BUILD)
    aside.rename(folder / "last_week.parquet")
    kept = bench.scratch / "before.duckdb"
    is_repeated = rounds > 1 and first.busy_seconds < LONG_SECONDS
    if is_repeated:
        shutil.copy(bench.warehouse, kept)

    def add() -> Measured:
        if is_repeated:
            shutil.copy(kept, bench.warehouse)
        call = bench.dbt("add the last week", folder, "run", *NOT_SCORING)
        require_one_snapshot(call)
        return models_of(call)

    taken = in_turns({"week": add}, rounds if is_repeated else 1)["week"]
    in_two = _fingerprint(bench)
    if in_two != at_once:
        raise PipelineError(
            f"a week later the marts are not those of one build: {in_two}, {at_once}"
        )
    return summary(taken)


def _fingerprint(bench: Workbench) -> Json:
    title, file = "fingerprint of the marts", str(bench.warehouse)
    return bench.task(title, warehouse.fingerprint, warehouse=file).details


def require_one_snapshot(call: DbtCall) -> None:
    """Raise PipelineError if a call computed the features of more or of none."""
    computed = [message for message in call.messages if message.startswith(FEATURES)]
    if not computed or not computed[0].endswith("to compute: 1 new"):
        raise PipelineError(
            f"a new week must be one new snapshot, but: {'; '.join(computed)}"
        )
