"""The training's benchmark: ``make bench-training``, or ``… training readme``."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pipeline.blocks import with_block
from pipeline.errors import Interrupted, PipelineError
from pipeline.processes import Children
from pipeline.settings import ROOT
from simulator.cli import OneLineParser
from tests.benchmarks import warehouse
from tests.benchmarks.machine import code_hash, machine, warn_if_busy
from tests.benchmarks.pipeline import MEMORY_LIMIT
from tests.benchmarks.readme_table import aligned, keep
from tests.benchmarks.rounds import ROUNDS, in_turns, summary
from tests.benchmarks.sizes import SIZES, simulate
from tests.benchmarks.steps import BUILD
from tests.benchmarks.workbench import Json, Measured, Workbench

FOLDER = ROOT / "build" / "bench"
REPORT = FOLDER / "training.json"
REFERENCE = ROOT / "tests" / "reference" / "bench_training.json"
BLOCK = "speed-training"
PACKAGES = ("duckdb", "scikit-learn", "xgboost", "optbinning", "mlflow")
# Seconds that a search may take on two cores, of a file of 95,662 rows.
BARS = {"none": 40.0, "random": 240.0}
GB = 1e9


def main(arguments: Sequence[str]) -> int:
    """Measure, or write the README; return the exit code."""
    options = _parse(arguments)
    try:
        if options.command == "readme":
            written = keep(
                REPORT,
                reference=REFERENCE,
                rewrite=readme_text,
                target="bench-training",
            )
            sys.stdout.write(f"wrote {written}\n")
            return 0
        with Children() as children:
            bench = Workbench(
                folder=FOLDER / "training",
                children=children,
                memory_limit=os.environ.get("DUCKDB_MEMORY_LIMIT") or MEMORY_LIMIT,
            )
            document = run(bench, options.file, options.searches, options.rounds)
        _write(REPORT, document)
        sys.stdout.write(aligned(_cells(document), _words(document)))
    except PipelineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except Interrupted as interruption:
        sys.stderr.write("interrupted; nothing was kept\n")
        return interruption.exit_code
    return 0


def run(
    bench: Workbench,
    file: Path | None,
    searches: Sequence[str] = tuple(BARS),
    rounds: int = ROUNDS,
    *,
    rows: int = SIZES[0],
) -> Json:
    """Build the examples once, then train anew with each search, in turns.

    Parameters
    ----------
    file
        Transactions; simulated ones, about `rows`, without.

    Raises
    ------
    PipelineError
        The file is missing, or a step failed.
    """
    if file is not None and not file.is_file():
        raise PipelineError(f"{file}: no such file of transactions")
    warn_if_busy()
    bench.clear()
    transactions = file or simulate(bench, rows)[0]
    bench.dbt("models", transactions, *BUILD)
    about = bench.task(
        "rows and snapshots", warehouse.described, warehouse=str(bench.warehouse)
    ).details
    untrained = bench.folder / "untrained.duckdb"
    bench.warehouse.replace(untrained)
    ways = {name: partial(_train, bench, untrained, name) for name in searches}
    taken = in_turns(ways, rounds)
    untrained.unlink()
    bench.clear()
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(PACKAGES),
        "code": code_hash("models_py/training"),
        "is_simulated": file is None,
        "rows": about["rows"],
        "customers": about["customers"],
        "searches": {name: summary(runs) for name, runs in taken.items()},
    }


def readme_text(text: str, document: Json) -> str:
    """Return the README with the block written anew."""
    return with_block(text, BLOCK, speed_block(document))


def speed_block(document: Json) -> str:
    """Table and machine as Markdown."""
    if not document["searches"]:
        return "Not measured yet."
    header, *rest = (f"| {' | '.join(row)} |" for row in _cells(document))
    return "\n".join([_words(document), "", header, "|---|---|---|---|---|", *rest])


def _train(bench: Workbench, untrained: Path, search: str) -> Measured:
    """Train in a warehouse that no training has written to."""
    bench.forget_warehouse()
    bench.data_dir.mkdir(parents=True, exist_ok=True)
    bench.warehouse.write_bytes(untrained.read_bytes())
    return bench.python(f"train, search {search}", "training", "--search", search)


def _cells(document: Json) -> list[list[str]]:
    table = [["`python -m training`", "seconds", "runs", "peak memory", "bar"]]
    for name, step in document["searches"].items():
        verdict = "met" if step["seconds"] <= BARS[name] else "**missed**"
        peak = f"{step['peak_bytes'] / GB:.2f} GB"
        seconds = f"{step['seconds']:.1f} s, {verdict}"
        bar = f"at most {BARS[name]:g} s"
        runs = str(len(step["runs"]))
        table.append([f"`--search {name}`", seconds, runs, peak, bar])
    return table


def _words(document: Json) -> str:
    on = document["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in on["versions"].items())
    data = "simulated data" if document["is_simulated"] else "a file of its own"
    return (
        f"Measured on {document['measured_at'][:10]}, {data}, {document['rows']:,}"
        f" transactions of {document['customers']:,} customers, {on['cores']} cores of"
        f" {on['processor']}, {on['system']}, {versions}. Searches took turns; of"
        " several runs the middle counts."
    )


def _write(report: Path, document: Json) -> None:
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = OneLineParser(
        prog="python -m tests.benchmarks.training", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("run", help="measure, and write training.json")
    measuring.add_argument(
        "--file", type=Path, help="transactions; without, 95,662 simulated ones"
    )
    measuring.add_argument(
        "--searches", nargs="+", choices=BARS, default=tuple(BARS), help="what to time"
    )
    measuring.add_argument("--rounds", type=int, choices=(1, 2, 3), default=ROUNDS)
    commands.add_parser("readme", help="write the figures into README.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
