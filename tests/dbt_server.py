"""dbt without its start: one process has read the project and forks itself per call.

Most of a small call of dbt is its own start: it imports itself, and reads the whole
project for each new DATA_DIR. Environment, output and exit code of a call here are
those of the command.
"""

from __future__ import annotations

import atexit
import gc
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ROOT / "dbt_project"
MOST_SECONDS = 600


def call_dbt(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run dbt on the project as it stands, without vars: those it would read again."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("out", "error")]
        call = {
            "arguments": arguments,
            "environment": dict(environment),
            "streams": [str(stream) for stream in streams],
        }
        server.stdin.write(json.dumps(call) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        said = [stream.read_text(encoding="utf-8") for stream in streams]
    return subprocess.CompletedProcess(["dbt", *arguments], code, *said)


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.dbt_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)
    return server


def serve() -> None:
    """Answer each line of stdin, a call, with its exit code."""
    from dbt.cli.main import dbtRunner

    # What dbt prints is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # The end of stdin ends it, also where a session is interrupted.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with TemporaryDirectory() as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_PROFILES_DIR": str(ROOT),
            "DBT_TARGET_PATH": f"{folder}/target",
            "DBT_LOG_PATH": f"{folder}/logs",
        }
        read = dbtRunner().invoke(["--quiet", "parse"])
    if not read.success:
        raise SystemExit(f"dbt cannot read {PROJECT}: {read.exception}")
    gc.freeze()
    fork = multiprocessing.get_context("fork")
    for line in sys.stdin:
        process = fork.Process(
            target=_call, args=(read.result,), kwargs=json.loads(line)
        )
        process.start()
        process.join(MOST_SECONDS)
        process.kill()
        process.join()
        print(process.exitcode, file=answers, flush=True)


def _call(
    manifest: Any,  # noqa: ANN401 (dbt's own)
    arguments: list[str],
    environment: dict[str, str],
    streams: list[str],
) -> None:
    from dbt.cli.main import cli

    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor, path in enumerate(streams, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    cli(args=arguments, prog_name="dbt", obj={"manifest": manifest})


if __name__ == "__main__":
    serve()
    # Frozen objects would be told as leaks.
    os._exit(0)
