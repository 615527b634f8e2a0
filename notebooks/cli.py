"""The command line of ``make eda``."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import Interrupted, PipelineError
from pipeline.processes import Children
from pipeline.settings import settings_from


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code.

    Parameters
    ----------
    arguments
        ``["export"]`` or ``["compile"]``; everything else is in the environment
        (``DATA_DIR``, ``VARS``).

    Returns
    -------
    int
        0; 1 after an error, which is said in one line on stderr; 128 + signal
        after a signal.
    """
    parser = argparse.ArgumentParser(
        prog="python -m notebooks",
        description="Settings come from the environment: DATA_DIR, VARS.",
    )
    parser.add_argument(
        "command",
        choices=("export", "compile"),
        help="export: run the notebook and write reports/eda.html and eda.ipynb; "
        "compile: only write the SQL that marimo edit needs",
    )
    command = parser.parse_args(arguments).command
    try:
        with Children() as children:
            _carry_out(command, children)
    except PipelineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except Interrupted as interruption:
        sys.stderr.write("interrupted; run it again\n")
        return interruption.exit_code
    return 0


def _carry_out(command: str, children: Children) -> None:
    from notebooks.export import compile_analyses, export

    settings = settings_from(os.environ, Path.cwd())
    if command == "compile":
        compile_analyses(settings, children)
        return
    for path in export(settings, children):
        sys.stdout.write(f"wrote {path}\n")
