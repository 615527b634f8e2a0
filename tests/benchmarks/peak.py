"""Run a command on two cores and write down its seconds and peak memory.

``python -m tests.benchmarks.peak REPORT COMMAND…``. A process of its own, and a small
one: the peak that the system reports of a child counts from the fork, so a large
parent would lend the child its own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

CORES = 2
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


def main(arguments: list[str]) -> int:
    """Run ``arguments[1:]``, write ``arguments[0]``, and return the exit code."""
    report, *command = arguments
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    started = time.monotonic()
    process = subprocess.Popen(command)
    # Ctrl-C reaches the command too; it ends first.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, status, usage = os.wait4(process.pid, 0)
    measured = {
        "seconds": time.monotonic() - started,
        "peak_bytes": usage.ru_maxrss * BYTES_PER_UNIT,
    }
    Path(report).write_text(json.dumps(measured), encoding="utf-8")
    exit_code = os.waitstatus_to_exitcode(status)
    return exit_code if exit_code >= 0 else 128 - exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
