"""The pipeline's benchmark: ``make bench-pipeline``, or ``… pipeline readme``."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.errors import Interrupted, PipelineError
from pipeline.processes import Children
from pipeline.progress import say
from pipeline.settings import ROOT
from simulator.cli import OneLineParser
from tests.benchmarks.machine import code_hash, machine, warn_if_busy
from tests.benchmarks.rounds import ROUNDS
from tests.benchmarks.score_step import measure_scoring
from tests.benchmarks.sizes import PARTS, measure, sizes_that_fit
from tests.benchmarks.table import judged, table_text, write_readme
from tests.benchmarks.workbench import Json, Workbench

FOLDER = ROOT / "build" / "bench"
SMALLEST = 1_000
MEMORY_LIMIT = "4GB"
SCORING = "scoring"
CHOICES = (*PARTS, SCORING)


def main(arguments: Sequence[str]) -> int:
    """Measure, or write the README; return the exit code."""
    options = _parse(arguments)
    try:
        if options.command == "readme":
            sys.stdout.write(f"wrote {write_readme(FOLDER / 'pipeline.json')}\n")
            return 0
        with Children() as children:
            bench = Workbench(
                folder=FOLDER,
                children=children,
                memory_limit=os.environ.get("DUCKDB_MEMORY_LIMIT") or MEMORY_LIMIT,
            )
            sizes = options.rows or sizes_that_fit(bench.folder)
            document = run(bench, sizes, options.parts)
        sys.stdout.write(table_text(document))
    except PipelineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except Interrupted as interruption:
        sys.stderr.write("interrupted; sizes that were done are in pipeline.json\n")
        return interruption.exit_code
    return 0


def run(
    bench: Workbench,
    sizes: Iterable[int],
    parts: Sequence[str],
    rounds: int = ROUNDS,
) -> Json:
    """Measure each size and scoring; ``pipeline.json`` is written after each.

    Sizes of earlier runs stay in it while machine, versions, memory limit and code are
    the same.
    """
    report = bench.folder / "pipeline.json"
    conditions = {
        "machine": machine(),
        "memory_limit": bench.memory_limit,
        "code": code_hash("dbt_project", "tests/benchmarks"),
    }
    document = _document(report, conditions)
    warn_if_busy()
    of_a_size = [part for part in parts if part != SCORING]
    for rows in sizes if of_a_size else ():
        say(f"{rows:,} rows")
        document["sizes"][str(rows)] = measure(bench, rows, of_a_size, rounds)
        _write(report, document)
    if SCORING in parts:
        document[SCORING] = measure_scoring(bench)
        _write(report, document)
    return document


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = OneLineParser(
        prog="python -m tests.benchmarks.pipeline", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("run", help="measure, and write pipeline.json")
    measuring.add_argument(
        "--rows",
        type=_rows,
        nargs="+",
        help="sizes to measure; without, 95,662 to 100 million, where the disk allows",
    )
    measuring.add_argument(
        "--parts", nargs="+", choices=CHOICES, default=CHOICES, help="what to measure"
    )
    commands.add_parser("readme", help="write the figures into README.md")
    return parser.parse_args(arguments)


def _rows(text: str) -> int:
    if not text.isdecimal() or int(text) < SMALLEST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of rows from {SMALLEST:,} up"
        )
    return int(text)


def _document(report: Path, conditions: Json) -> Json:
    if report.exists():
        before: Json = json.loads(report.read_text(encoding="utf-8"))
        if {name: before.get(name) for name in conditions} == conditions:
            return before
    return {**conditions, "sizes": {}, SCORING: None}


def _write(report: Path, document: Json) -> None:
    document["bars"] = judged(document)
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
