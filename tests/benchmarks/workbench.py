"""What measures: commands with their seconds and peak memory, and dbt node by node."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec

from pipeline.dbt_events import DbtRun, failure_message
from pipeline.errors import PipelineError
from pipeline.processes import Children, Completed
from pipeline.progress import Step, shown_step
from pipeline.settings import ROOT, Settings

Json = dict[str, Any]
P = ParamSpec("P")

FEATURES = "int_customer_features__computed"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A command that came to its end.

    Attributes
    ----------
    seconds
        Wall time, or what the step took within the command.
    peak_bytes
        Largest resident memory of the process.
    details
        What else is known of it.
    """

    seconds: float
    peak_bytes: int
    details: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DbtCall:
    """A dbt call, taken apart.

    Attributes
    ----------
    landing_seconds
        The on-run-start hooks.
    nodes
        Seconds of each model and test, by name. dbt runs two at a time, so they add
        up to more than `busy_seconds`.
    busy_seconds
        From the first model or test to the end of the last.
    features_seconds
        From the first model to the last feature row.
    messages
        What the project's macros said.
    """

    seconds: float
    peak_bytes: int
    landing_seconds: float
    nodes: Mapping[str, float]
    busy_seconds: float
    features_seconds: float
    messages: Sequence[str]

    @property
    def start_up_seconds(self) -> float:
        """What dbt itself takes: imports, parsing, writing its files."""
        return self.seconds - self.landing_seconds - self.busy_seconds


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """Runs what is to be measured; everything it writes is in `folder`."""

    folder: Path
    children: Children
    memory_limit: str

    @property
    def data_dir(self) -> Path:
        """The DATA_DIR of every dbt call."""
        return self.folder / "data_dir"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def scratch(self) -> Path:
        """Files of one step."""
        return self.folder / "scratch"

    def forget_warehouse(self) -> None:
        """Start a new warehouse; what dbt has parsed stays."""
        self.warehouse.unlink(missing_ok=True)
        for leftover in ("tmp", "mlflow"):
            shutil.rmtree(self.data_dir / leftover, ignore_errors=True)

    def clear(self) -> None:
        """Remove what is large, also what an interrupted run left."""
        self.forget_warehouse()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def task(
        self,
        title: str,
        function: Callable[P, Json],
        *arguments: P.args,
        **keywords: P.kwargs,
    ) -> Measured:
        """Call a function of the benchmark in a process of its own.

        Its keywords must be JSON. If it returns ``seconds``, those are the measured
        ones, not the whole process.
        """
        if arguments:
            raise ValueError("a task takes keywords only")
        command = (
            *_python("tests.benchmarks.task"),
            *(function.__module__, function.__name__, json.dumps(keywords)),
        )
        with shown_step(title):
            whole, completed = self._run(command, function.__name__)
        if completed.exit_code:
            raise self._failure(title, completed, function.__name__)
        details = json.loads(completed.last_lines[-1])
        return Measured(
            seconds=float(details.pop("seconds", whole.seconds)),
            peak_bytes=whole.peak_bytes,
            details=details,
        )

    def python(self, title: str, module: str, *arguments: str) -> Measured:
        """Run ``python -m module``."""
        with shown_step(title) as step:
            measured, completed = self._run(
                (*_python(module), *arguments), module, step=step
            )
        if completed.exit_code:
            raise self._failure(title, completed, module)
        return measured

    def dbt(self, title: str, transactions: Path, *arguments: str) -> DbtCall:
        """Run dbt on a file or folder of transactions, with the profile's settings."""
        run = DbtRun()
        messages: list[str] = []
        dbt = str(Path(sys.executable).parent / "dbt")
        flags = ("--log-format", "json", "--log-format-file", "text", "--no-use-colors")
        with shown_step(title) as step:

            def on_line(line: str) -> None:
                run.read(line)
                messages.extend(_macro_messages(line))
                step.advance(run.done, run.total)

            measured, completed = self._run(
                (dbt, *flags, *arguments), "dbt", transactions, on_line
            )
        if completed.exit_code:
            message = failure_message(run, self.data_dir / "target" / "manifest.json")
            raise PipelineError(f"{title} failed: {message} (logs: {self._logs})")
        results = self.data_dir / "target" / "run_results.json"
        return _dbt_call(
            measured, run, messages, json.loads(results.read_text(encoding="utf-8"))
        )

    @property
    def _logs(self) -> Path:
        return self.data_dir / "logs"

    def _run(
        self,
        command: Sequence[str],
        name: str,
        transactions: Path | None = None,
        on_line: Callable[[str], None] | None = None,
        step: Step | None = None,
    ) -> tuple[Measured, Completed]:
        for folder in (self.data_dir, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
        report = self.folder / "peak.json"
        report.unlink(missing_ok=True)
        settings = Settings(
            data_dir=self.data_dir,
            dbt_project_dir=ROOT / "dbt_project",
            dbt_profiles_dir=ROOT,
            transactions_path=str(transactions) if transactions else None,
        )
        completed = self.children.run(
            (*_python("tests.benchmarks.peak"), str(report), *command),
            environment={
                **settings.environment(os.environ),
                "DUCKDB_MEMORY_LIMIT": self.memory_limit,
            },
            log=self._logs / f"{name}.log",
            on_line=on_line or (step.say if step else _ignore),
        )
        if not report.exists():  # it was killed, and so was what measured it
            return Measured(seconds=completed.seconds, peak_bytes=0), completed
        return Measured(**json.loads(report.read_text(encoding="utf-8"))), completed

    def _failure(self, title: str, completed: Completed, name: str) -> PipelineError:
        last = (completed.last_lines or ("it said nothing",))[-1]
        signal_number = max(completed.exit_code - 128, -completed.exit_code)
        if signal_number > 0:
            last = f"killed by signal {signal_number}: out of memory?"
        return PipelineError(f"{title} failed: {last} (log: {self._logs / name}.log)")


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)


def _ignore(line: str) -> None:
    del line


def _macro_messages(line: str) -> list[str]:
    try:
        event = json.loads(line)
    except ValueError:
        return []
    is_ours = event["info"]["name"] == "JinjaLogInfo"
    return [str(event["info"]["msg"])] if is_ours else []


def _dbt_call(
    measured: Measured, run: DbtRun, messages: Sequence[str], results: Json
) -> DbtCall:
    nodes: dict[str, float] = {}
    begins: list[datetime] = []
    ends: dict[str, datetime] = {}
    for result in results["results"]:
        kind, _, name = result["unique_id"].split(".")[:3]
        moments = [
            datetime.fromisoformat(moment)
            for timing in result["timing"]
            for moment in (timing["started_at"], timing["completed_at"])
        ]
        if kind in ("operation", "seed") or not moments:
            continue
        nodes[name] = float(result["execution_time"])
        begins.append(min(moments))
        ends[name] = max(moments)

    def since_begin(moment: datetime | None) -> float:
        return (moment - min(begins)).total_seconds() if moment else 0.0

    return DbtCall(
        seconds=measured.seconds,
        peak_bytes=measured.peak_bytes,
        landing_seconds=run.landing_seconds,
        nodes=nodes,
        busy_seconds=since_begin(max(ends.values(), default=None)),
        features_seconds=since_begin(ends.get(FEATURES)),
        messages=tuple(messages),
    )
