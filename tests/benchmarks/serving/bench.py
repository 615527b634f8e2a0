"""The API's benchmark: ``make bench-api``, or ``… serving.bench readme``."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import Interrupted, PipelineError
from pipeline.processes import Children
from pipeline.settings import ROOT
from simulator.cli import OneLineParser
from tests.benchmarks.machine import code_hash, machine, warn_if_busy
from tests.benchmarks.serving.load import CONNECTIONS, IDS_IN_A_LIST, load
from tests.benchmarks.serving.release import grow
from tests.benchmarks.serving.servers import (
    Server,
    api_command,
    empty_command,
    forest_command,
    free_port,
    serving,
)
from tests.benchmarks.serving.table import judged, table_text, write_readme
from tests.benchmarks.sizes import simulate
from tests.benchmarks.steps import BUILD
from tests.benchmarks.workbench import Json, Workbench

FOLDER = ROOT / "build" / "bench"
REPORT = FOLDER / "api.json"
TRAINED_ON = 95_662
CUSTOMERS = 1_000_000
SECONDS = 30.0
ROUNDS = 3
MEMORY_LIMIT = "2GB"
PACKAGES = ("litestar", "granian", "duckdb", "fastapi", "uvicorn", "scikit-learn")


def main(arguments: Sequence[str]) -> int:
    """Measure, or write the README; return the exit code."""
    options = _parse(arguments)
    try:
        if options.command == "readme":
            sys.stdout.write(f"wrote {write_readme(REPORT)}\n")
            return 0
        with Children() as children:
            bench = Workbench(
                folder=FOLDER / "api", children=children, memory_limit=MEMORY_LIMIT
            )
            source = trained_release(bench)
            document = run(
                bench,
                source,
                customers=options.customers,
                seconds=options.seconds,
                rounds=options.rounds,
            )
        REPORT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(table_text(document))
    except PipelineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except Interrupted as interruption:
        sys.stderr.write("interrupted; nothing was kept\n")
        return interruption.exit_code
    return 0


def trained_release(bench: Workbench) -> Path:
    """Publish a release of simulated customers; return the folder of releases.

    One of an earlier run is taken while the code that makes it is the same.
    """
    releases_dir = bench.data_dir / "releases"
    made = bench.folder / "trained.json"
    code = code_hash("dbt_project", "models_py")
    if made.exists() and json.loads(made.read_text(encoding="utf-8")) == code:
        return releases_dir
    made.unlink(missing_ok=True)
    parquet, _ = simulate(bench, TRAINED_ON)
    bench.dbt("build", parquet, *BUILD)
    bench.python("train", "training")
    bench.dbt("score", parquet, "build", "--select", "tag:scoring")
    bench.python("release", "release")
    made.write_text(json.dumps(code), encoding="utf-8")
    return releases_dir


def run(
    bench: Workbench, source: Path, *, customers: int, seconds: float, rounds: int
) -> Json:
    """Measure all servers in turn.

    Parameters
    ----------
    bench
        Where to run them.
    source
        Folder of releases, to grow one of so many `customers` from.
    seconds
        How long each load takes.
    rounds
        How often each is put on.
    """
    data_dir = bench.folder / "grown"
    bench.task(
        f"release of {customers:,} customers",
        grow,
        source=str(source),
        releases_dir=str(data_dir / "releases"),
        customers=customers,
        memory_limit=bench.memory_limit,
    )
    warn_if_busy()
    with ExitStack() as stack:
        servers = _start(stack, bench.folder, data_dir)
        api = servers["score"]
        kinds = ["empty", "score", "scores", "forest"]
        if api.has("/decisions"):
            kinds.append("decision")
        loads: dict[str, list[Json]] = {kind: [] for kind in kinds}
        for turn in range(rounds):
            for kind in kinds:
                measured = bench.task(
                    f"round {turn + 1}: {kind}",
                    load,
                    port=servers[kind].port,
                    kind=kind,
                    seconds=seconds,
                    customers=customers,
                    connections=1 if kind == "scores" else CONNECTIONS,
                    seed=turn,
                )
                one = measured.details | {"seconds": measured.seconds}
                if one["failed"]:
                    raise PipelineError(
                        f"{one['failed']} of the answers to {kind} are no success: "
                        f"{one['first_failure'].splitlines()[0]}"
                    )
                loads[kind].append(one)
        document: Json = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(PACKAGES),
            "customers": customers,
            "connections": CONNECTIONS,
            "seconds": seconds,
            "ids_in_a_list": IDS_IN_A_LIST,
            "seconds_to_ready": api.seconds_to_ready,
            "resident_bytes": api.resident_bytes(),
            "loads": loads,
        }
    document["bars"] = judged(document)
    return document


def _start(stack: ExitStack, folder: Path, data_dir: Path) -> dict[str, Server]:
    """Start all servers; one is loaded at a time, the others wait."""
    ports = {name: free_port() for name in ("empty", "forest", "score")}
    settings = {"DATA_DIR": str(data_dir), "PORT": str(ports["score"])}
    # The API starts alone, for its start is measured too.
    api = stack.enter_context(
        serving(
            api_command(),
            port=ports["score"],
            ready="/ready",
            log=folder / "api.log",
            environment=settings,
        )
    )
    commands = {
        "empty": empty_command(ports["empty"]),
        "forest": forest_command(ports["forest"]),
    }
    others = {
        name: stack.enter_context(
            serving(command, port=ports[name], ready="/", log=folder / f"{name}.log")
        )
        for name, command in commands.items()
    }
    return {**others, "score": api, "scores": api, "decision": api}


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = OneLineParser(
        prog="python -m tests.benchmarks.serving.bench", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("run", help="measure, and write api.json")
    measuring.add_argument("--customers", type=int, default=CUSTOMERS)
    measuring.add_argument("--seconds", type=float, default=SECONDS)
    measuring.add_argument("--rounds", type=int, default=ROUNDS)
    commands.add_parser("readme", help="write the figures into README.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
