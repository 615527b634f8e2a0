"""The servers that are compared, each one worker in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.settings import ROOT

SECONDS_TO_START = 60.0
SECONDS_TO_END = 20.0
SECONDS_BETWEEN_LOOKS = 0.01


@dataclass(frozen=True, kw_only=True)
class Server:
    """One that answers.

    Attributes
    ----------
    seconds_to_ready
        From its start to its first good answer.
    """

    pid: int
    port: int
    seconds_to_ready: float

    def resident_bytes(self) -> int:
        """Return the resident memory of its largest process: the worker."""
        return max(map(_resident_bytes, [self.pid, *_children(self.pid)]))

    def has(self, path: str) -> bool:
        """Whether its OpenAPI document names a path."""
        return f'"{path}"'.encode() in _get(self.port, "/docs/openapi.json")[1]


def api_command() -> Sequence[str]:
    """Return the command of the project's API, as an operator starts it."""
    return (sys.executable, "-m", "api")


def empty_command(port: int) -> Sequence[str]:
    """Return the command of an empty handler on the same server as the API."""
    return (
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
        *("--port", str(port), "--no-ws", "--log-level", "warning"),
        "tests.benchmarks.serving.empty:create_app",
    )


def forest_command(port: int) -> Sequence[str]:
    """Return the command of FastAPI and scikit-learn, under uvicorn."""
    return (
        *(sys.executable, "-m", "uvicorn", "--factory", "--port", str(port)),
        *("--log-level", "warning", "--no-access-log"),
        "tests.benchmarks.serving.forest:create_app",
    )


@contextmanager
def serving(
    command: Sequence[str],
    *,
    port: int,
    ready: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server for as long as the block runs.

    Parameters
    ----------
    command
        What to start.
    port
        Where it listens.
    ready
        Path that it answers with a status below 500 when it is ready.
    log
        File for what it says.
    environment
        Added to this process's own.

    Raises
    ------
    PipelineError
        It ends, or does not answer in a minute.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("wb") as file:
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        while not _is_ready(port, ready):
            waited = time.monotonic() - started
            if process.poll() is not None or waited > SECONDS_TO_START:
                raise PipelineError(f"{' '.join(command)} does not answer (log: {log})")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        seconds = time.monotonic() - started
        yield Server(pid=process.pid, port=port, seconds_to_ready=seconds)
    finally:
        _end(process)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_ready(port: int, path: str) -> bool:
    try:
        return _get(port, path)[0] < 500
    except OSError:
        return False


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in threads for child in path.read_text().split()]


def _resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
