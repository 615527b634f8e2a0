"""The steps of a run: each a command, its progress and its way to fail."""

import re
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.dbt_events import DbtRun, explained, failure_message
from pipeline.dbt_vars import vars_argument
from pipeline.errors import PipelineError
from pipeline.processes import Children, Completed
from pipeline.progress import shown_step
from pipeline.settings import Settings

_SPEAKER = re.compile(r"^(?:error|(?:python -m )?(?:simulator|training|release)): ")


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


@dataclass(frozen=True, kw_only=True)
class Commands:
    """What the steps call: this interpreter, and the dbt beside it."""

    dbt: Sequence[str] = (str(Path(sys.executable).parent / "dbt"),)
    simulator: Sequence[str] = field(default_factory=lambda: _module("simulator"))
    training: Sequence[str] = field(default_factory=lambda: _module("training"))
    release: Sequence[str] = field(default_factory=lambda: _module("release"))


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Runs a step to its end, or raises what a person should read."""

    settings: Settings
    children: Children
    environment: Mapping[str, str]
    commands: Commands = field(default_factory=Commands)

    def simulate(self, *options: str) -> float:
        """Simulate transactions and the truth behind them; return the seconds."""
        files = {
            "--out": self.settings.simulated,
            "--outcomes": self.settings.simulated_outcomes,
            "--latent": self.settings.simulated_latent,
        }
        named = [text for option in files.items() for text in map(str, option)]
        return self._python("simulate", [*self.commands.simulator, *named, *options])

    def train(self) -> float:
        """Train the candidates; return the seconds."""
        return self._python("train", self.commands.training)

    def audit(self) -> float:
        """Measure other designs and the proxy; return the seconds."""
        return self._python("audit", [*self.commands.training, "audit"])

    def card(self) -> float:
        """Write the champion's model card; return the seconds."""
        return self._python("card", [*self.commands.training, "card"])

    def release(self) -> float:
        """Freeze a release; return the seconds."""
        return self._python("release", self.commands.release)

    def build(self, title: str, *selection: str) -> tuple[float, float]:
        """``dbt build`` of `selection`.

        Returns
        -------
        tuple of float
            Seconds of the whole call, and those of landing within it.
        """
        run = DbtRun()
        command = [
            *self.commands.dbt,
            *("--log-format", "json", "--log-format-file", "text"),
            *("--no-use-colors", "build", *selection),
            *vars_argument(self.settings.dbt_vars),
        ]
        with shown_step(title) as step:

            def on_line(line: str) -> None:
                run.read(line)
                step.advance(run.done, run.total)

            completed = self._run(command, f"{title}.jsonl", on_line)
            if completed.exit_code:
                message = _killed(title, completed) or failure_message(
                    run, self.settings.manifest
                )
                raise PipelineError(
                    f"{message} (log: {self.settings.logs / 'dbt.log'})"
                )
        return completed.seconds, run.landing_seconds

    def _python(self, title: str, command: Sequence[str]) -> float:
        log = f"{title}.log"
        with shown_step(title) as step:
            completed = self._run(command, log, step.say)
            if completed.exit_code:
                message = _killed(title, completed) or _own_error(completed)
                if message:
                    raise PipelineError(message)
                last = (completed.last_lines or ("it said nothing",))[-1]
                raise PipelineError(
                    f"{title} failed: {explained(last)} "
                    f"(log: {self.settings.logs / log})"
                )
        return completed.seconds

    def _run(
        self, command: Sequence[str], log: str, on_line: Callable[[str], None]
    ) -> Completed:
        return self.children.run(
            command,
            environment=self.environment,
            log=self.settings.logs / log,
            on_line=on_line,
        )


def _killed(title: str, completed: Completed) -> str:
    """Say that the system ended a step, as it does when memory runs out."""
    if completed.exit_code >= 0:
        return ""
    number = -completed.exit_code
    memory = ": out of memory?" if number == signal.SIGKILL else ""
    return f"{title} was killed by signal {number}{memory}"


def _own_error(completed: Completed) -> str:
    """Find what a step of ours says of its failure: its last line.

    A traceback is no such word: it means a bug, and the log has all of it.
    """
    lines = completed.last_lines
    if not lines or any(line.startswith("Traceback (most recent") for line in lines):
        return ""
    return _SPEAKER.sub("", lines[-1])
