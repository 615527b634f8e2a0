"""Signals, with real processes. Every wait is for a line or for an end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Interrupted, PipelineError
from pipeline.processes import Children, Completed

Runner = Callable[..., Completed]

POLITE = """
import os, sys, time
try:
    print("pid", os.getpid(), flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("tidied", flush=True)
    sys.exit(130)
"""
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("pid", os.getpid(), flush=True)
time.sleep(60)
"""
# The grandchild holds the pipe: only a signal to the group ends the reading.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("pid", child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "step.log"


@pytest.fixture
def run(log: Path) -> Runner:
    def run_script(
        children: Children,
        script: str,
        on_line: Callable[[str], None] = ignore,
    ) -> Completed:
        command = [sys.executable, "-c", script]
        return children.run(command, environment=os.environ, log=log, on_line=on_line)

    return run_script


def ignore(line: str) -> None:
    del line


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().split(") ")[1][0] == "Z")


class SignalOnFirstLine:
    """Sends us a signal, as Ctrl-C would, when the child is up."""

    def __init__(self, *signals: int) -> None:
        self.signals = signals
        self.pid = 0

    def __call__(self, line: str) -> None:
        """Take a line of the child."""
        if line.startswith("pid"):
            self.pid = int(line.split()[1])
            for number in self.signals:
                os.kill(os.getpid(), number)


def test_what_a_child_prints_is_logged_and_kept(run: Runner, log: Path) -> None:
    lines: list[str] = []
    script = "import sys; print('one'); sys.stdout.flush(); sys.exit('two')"
    with Children() as children:
        completed = run(children, script, lines.append)
    assert completed.exit_code == 1
    assert completed.last_lines == ("one", "two")
    assert log.read_text() == "one\ntwo\n" == "".join(lines)


@pytest.mark.parametrize(
    ("number", "exit_code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_signal_lets_the_child_tidy_up_and_ends_the_run(
    number: int, exit_code: int, run: Runner, log: Path
) -> None:
    interrupt = SignalOnFirstLine(number)
    with Children() as children, pytest.raises(Interrupted) as raised:
        run(children, POLITE, interrupt)
    assert raised.value.exit_code == exit_code
    assert log.read_text().endswith("tidied\n")
    assert not is_alive(interrupt.pid)


def test_a_stubborn_child_is_killed_after_a_while(run: Runner) -> None:
    interrupt = SignalOnFirstLine(signal.SIGINT)
    with Children(grace_seconds=0.2) as children, pytest.raises(Interrupted):
        run(children, STUBBORN, interrupt)
    assert not is_alive(interrupt.pid)


def test_a_second_ctrl_c_does_not_wait(run: Runner) -> None:
    interrupt = SignalOnFirstLine(signal.SIGINT, signal.SIGINT)
    with Children(grace_seconds=50) as children, pytest.raises(Interrupted):
        run(children, STUBBORN, interrupt)
    assert not is_alive(interrupt.pid)


def test_grandchildren_go_too(run: Runner) -> None:
    interrupt = SignalOnFirstLine(signal.SIGINT)
    with Children(grace_seconds=5) as children, pytest.raises(Interrupted):
        run(children, PARENT, interrupt)
    assert not is_alive(interrupt.pid)


def test_after_a_signal_no_further_child_starts(run: Runner, log: Path) -> None:
    with Children() as children:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Interrupted):
            run(children, "print('never')")
    assert not log.exists()


def test_handlers_are_given_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM)]
    with Children():
        assert signal.getsignal(signal.SIGINT) != before[0]
    after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGALRM)]
    assert after == before


def test_an_error_while_reading_leaves_no_child(run: Runner) -> None:
    pids: list[int] = []

    def fail(line: str) -> None:
        pids.append(int(line.split()[1]))
        raise RuntimeError(line)

    with Children() as children, pytest.raises(RuntimeError):
        run(children, STUBBORN, fail)
    assert not is_alive(pids[0])


def test_a_command_that_is_not_there_is_told(log: Path) -> None:
    with Children() as children, pytest.raises(PipelineError, match="cannot start"):
        children.run(["/no/such/dbt"], environment={}, log=log, on_line=ignore)


def test_ctrl_c_on_a_terminal_reaches_the_child_once(tmp_path: Path) -> None:
    """The group of the terminal is ours alone; the child counts its SIGINTs."""
    counting = tmp_path / "counting.py"
    counting.write_text(
        "import signal, sys, time\n"
        "seen = []\n"
        "signal.signal(signal.SIGINT, lambda *_: seen.append(1))\n"
        "print('up', flush=True)\n"
        "time.sleep(0.3)\n"
        "signal.sigtimedwait([signal.SIGUSR1], 0.3)\n"
        "print('seen', len(seen), flush=True)\n"
    )
    parent = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from pipeline.errors import Interrupted\n"
        "from pipeline.processes import Children\n"
        "try:\n"
        "    with Children() as children:\n"
        f"        children.run([sys.executable, {str(counting)!r}],\n"
        f"            environment=os.environ, log=Path({str(tmp_path / 'log')!r}),\n"
        "            on_line=lambda line: print(line, end='', flush=True))\n"
        "except Interrupted as interrupted:\n"
        "    sys.exit(interrupted.exit_code)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.stdout.read() == "seen 1\n"
    assert process.returncode == 130
