"""What a person sees while steps run."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from pipeline.errors import one_line


class Step:
    """A step under way; in a log it shows nothing until it is done."""

    def advance(self, done: int, total: int) -> None:
        """So many of so many models and tests are done; 0: not known yet."""

    def say(self, line: str) -> None:
        """Show the latest line that the step printed."""


class LiveStep(Step):
    """A step on a terminal: spinner, bar, time, and what it does just now."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self, done: int, total: int) -> None:
        """Move the bar."""
        if total:
            note = f"{done} of {total} models and tests"
            self._progress.update(self._task, total=total, completed=done, note=note)

    def say(self, line: str) -> None:
        """Replace the note."""
        note = Text.from_ansi(one_line(line)).plain
        self._progress.update(self._task, note=note)


def say(line: str, stream: TextIO | None = None) -> None:
    """Say that a step had nothing to do."""
    stream = stream or sys.stderr
    stream.write(f"{line}\n")
    stream.flush()


@contextmanager
def shown_step(title: str, stream: TextIO | None = None) -> Iterator[Step]:
    """Show a step while it runs: live on a terminal, else one line at its end.

    A step that fails leaves no line: its error says it. The default stream is
    stderr, so that stdout is the summary alone.

    Examples
    --------
    >>> with shown_step("train", sys.stdout):
    ...     pass
    train: 0.0 s
    """
    stream = stream or sys.stderr
    started = time.monotonic()
    if stream.isatty():
        with _bars(stream) as progress:
            yield LiveStep(progress, progress.add_task(title, total=None, note=""))
    else:
        yield Step()
    stream.write(f"{title}: {time.monotonic() - started:.1f} s\n")
    stream.flush()


def _bars(stream: TextIO) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        console=Console(file=stream),
        transient=True,
    )
