"""Steps shown as a bar on a terminal, as short log lines elsewhere."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.logging import RichHandler
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
)

logger = logging.getLogger(__name__)


class Steps:
    """Names the step under way; used by one thread.

    Examples
    --------
    >>> with Steps.shown(2) as steps:
    ...     steps.begin("reading")
    ...     steps.begin("training")
    """

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total)
        self._name: str | None = None
        self._parts: TaskID | None = None
        self._began = 0.0

    @classmethod
    @contextmanager
    def shown(cls, total: int) -> Iterator["Steps"]:
        """Show `total` steps until the end of the `with` block."""
        console = Console(stderr=True)
        progress = Progress(
            TextColumn("training: {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        with progress:
            steps = cls(progress, total)
            yield steps
            steps.end()

    def begin(self, name: str) -> None:
        """End the step before and name the next."""
        self.end()
        self._name, self._began = name, time.perf_counter()
        self._progress.update(self._task, description=name)

    def count(self, total: int) -> Callable[[], None]:
        """Show a bar for the parts of the step under way; call it after each part."""
        self._parts = self._progress.add_task(self._name or "", total=total)
        return partial(self._progress.advance, self._parts)

    def end(self) -> None:
        """End the step under way."""
        if self._name is None:
            return
        self._progress.advance(self._task)
        if self._progress.disable:
            seconds = time.perf_counter() - self._began
            logger.info("%s: %.1f s", self._name, seconds)
        self._name = None
        if self._parts is not None:
            self._progress.remove_task(self._parts)
            self._parts = None


@contextmanager
def shown_log() -> Iterator[None]:
    """Log to standard error, above the bar when there is one."""
    console = Console(stderr=True)
    handler: logging.Handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("training: %(message)s"))
    if console.is_terminal:
        handler = RichHandler(console=console, show_time=False, show_path=False)
    package = logging.getLogger("training")
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.removeHandler(handler)
