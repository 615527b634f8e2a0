"""One size after another: its file, its room on the disk, the steps to measure."""

import json
import shutil
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.progress import say
from tests.benchmarks import steps, week
from tests.benchmarks.machine import code_hash
from tests.benchmarks.rounds import ROUNDS, summary
from tests.benchmarks.workbench import Json, Workbench

SIZES = (95_662, 1_000_000, 10_000_000, 100_000_000)
PARTS = ("simulate", "landing", "models", "tests", "pandas", "week")
# Of the simulator's defaults: 91 days, and some customers who buy a lot.
ROWS_PER_CUSTOMER = 24.9
# At its fullest: two warehouses or one and the CSV file, and what spills.
BYTES_PER_ROW = 400
PANDAS_UP_TO = 1_100_000
# Beyond, they take as much disk again, and no bar asks for them.
CSV_UP_TO = BY_HAND_UP_TO = 11_000_000


def measure(
    bench: Workbench, rows: int, parts: Collection[str] = PARTS, rounds: int = ROUNDS
) -> Json:
    """Measure the chosen parts at one size.

    Parameters
    ----------
    bench
        Where to run them.
    rows
        About so many transactions.
    parts
        Some of `PARTS`; those after ``models`` need it.
    rounds
        Repetitions of what is short.

    Returns
    -------
    dict
        ``measured_at``, ``steps``, and of the data ``rows``, ``customers``,
        ``snapshots``.

    Raises
    ------
    PipelineError
        Too little disk, a step failed, or two ways to the same rows do not agree.
    """
    bench.clear()
    require_disk(bench.folder, rows)
    parquet, simulated = simulate(bench, rows)
    measured: Json = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "steps": {"simulate": simulated},
    }
    taken = measured["steps"]
    if "landing" in parts:
        if rows <= CSV_UP_TO:
            csv = steps.csv_of(bench, parquet)
            taken |= steps.landing(bench, csv, rounds)
            csv.unlink()
        taken |= steps.landing(bench, parquet, rounds)
    if "models" in parts:
        is_compared = rows <= BY_HAND_UP_TO
        about, models = steps.models(bench, parquet, rounds, is_compared=is_compared)
        measured |= about
        taken |= models
        if "tests" in parts:
            taken["tests"] = steps.tests(bench, parquet)
        if "pandas" in parts and rows <= PANDAS_UP_TO:
            taken |= steps.pandas(bench, parquet, about["snapshots"], rounds)
        if "week" in parts:
            taken["week"] = week.week(bench, parquet, rounds)
    bench.clear()
    return measured


def simulate(bench: Workbench, rows: int) -> tuple[Path, Json]:
    """Simulate about `rows` transactions, or take those of an earlier run.

    Returns
    -------
    tuple
        The Parquet file, and how it was made: ``seconds`` and ``peak_bytes``.
    """
    customers = max(1, round(rows / ROWS_PER_CUSTOMER))
    parquet = bench.folder / "simulated" / f"{rows}.parquet"
    made = parquet.with_suffix(".json")
    by = {"customers": customers, "simulator": code_hash("models_py/simulator")}
    if parquet.exists() and made.exists():
        before: Json = json.loads(made.read_text(encoding="utf-8"))
        if before["by"] == by:
            how: Json = before["how"]
            return parquet, how
    made.unlink(missing_ok=True)
    arguments = ("--customers", str(customers), "--out", str(parquet))
    how = summary([bench.python("simulate", "simulator", *arguments)])
    made.write_text(json.dumps({"by": by, "how": how}), encoding="utf-8")
    return parquet, how


def sizes_that_fit(folder: Path) -> Iterator[int]:
    """Yield those of `SIZES` that the disk has room for when their turn comes."""
    for rows in SIZES:
        try:
            require_disk(folder, rows)
        except PipelineError as error:
            say(f"skipped: {error}")
        else:
            yield rows


def require_disk(folder: Path, rows: int) -> None:
    """Stop before a disk is full.

    Raises
    ------
    PipelineError
        There is less room than the size needs at its fullest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    free, needed = shutil.disk_usage(folder).free, rows * BYTES_PER_ROW
    if free < needed:
        raise PipelineError(
            f"{rows:,} rows need {needed / 1e9:.1f} GB of disk, {folder} has "
            f"{free / 1e9:.1f} GB free: make room, or choose fewer with ROWS="
        )
