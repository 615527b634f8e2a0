"""Child processes that a signal always reaches, and that never outlive us."""

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from pipeline.errors import Interrupted, PipelineError

GRACE_SECONDS = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, kw_only=True)
class Completed:
    """How a child ended.

    Attributes
    ----------
    exit_code
        As `subprocess` gives it: negative after a signal.
    seconds
        Wall time.
    last_lines
        The end of what it printed, at most 50 non-blank lines.
    """

    exit_code: int
    seconds: float
    last_lines: tuple[str, ...]


class Children:
    """Runs one child at a time and passes signals on to it.

    Each child leads a process group of its own, so Ctrl-C on a terminal comes
    to us alone and every child gets exactly one SIGINT: from here. One that
    has not gone `grace_seconds` later is killed, and so is one that is asked a
    second time. Only when it is gone, and with it its lock on the warehouse,
    does `run` raise `Interrupted`.

    Handlers only note the signal; nothing is raised in the middle of anything.
    """

    def __init__(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        self._grace_seconds = grace_seconds
        self._process: subprocess.Popen[str] | None = None
        self._received: int | None = None
        self._previous: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            # nohup: who ignored a hang-up before us goes on ignoring it.
            if signal.getsignal(number) != signal.SIG_IGN or number == signal.SIGINT:
                self._previous[number] = signal.signal(number, self._on_signal)
        self._previous[signal.SIGALRM] = signal.signal(
            signal.SIGALRM, self._on_grace_over
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # as it was got

    def check(self) -> None:
        """Raise `Interrupted` if a signal came."""
        if self._received is not None:
            raise Interrupted(self._received)

    def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        on_line: Callable[[str], None],
    ) -> Completed:
        """Run `command` to its end; all it prints goes to `log` and `on_line`.

        Raises
        ------
        Interrupted
            A signal came; the child and all of its group are gone.
        PipelineError
            The command cannot be started.
        """
        self.check()
        log.parent.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        last_lines: deque[str] = deque(maxlen=50)
        try:
            process = subprocess.Popen(  # noqa: S603 - the project's own commands
                list(command),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                process_group=0,
            )
        except OSError as error:
            raise PipelineError(f"cannot start {command[0]}: {error}") from error
        self._process = process
        if self._received is not None:
            self._interrupt_group()
        try:
            with log.open("w", encoding="utf-8") as file:
                for line in process.stdout or ():
                    file.write(line)
                    if line.strip():
                        last_lines.append(line.rstrip())
                        on_line(line)
            process.wait()
        finally:
            self._kill_group()
            process.wait()
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._process = None
            if process.stdout:
                process.stdout.close()
        self.check()
        return Completed(
            exit_code=process.returncode,
            seconds=time.monotonic() - started,
            last_lines=tuple(last_lines),
        )

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self._received is None:
            self._received = number
            self._interrupt_group()
        else:
            self._kill_group()

    def _on_grace_over(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._kill_group()

    def _interrupt_group(self) -> None:
        self._signal_group(signal.SIGINT)
        signal.setitimer(signal.ITIMER_REAL, self._grace_seconds)

    def _kill_group(self) -> None:
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)
