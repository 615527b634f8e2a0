"""The command line. Heavy modules load after the signals are in hand."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import Interrupted, PipelineError
from pipeline.processes import Children


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code.

    Parameters
    ----------
    arguments
        One command of `_parse`; everything else is in the environment (``DATA_DIR``,
        ``TRANSACTIONS_PATH``, ``VARS``).

    Returns
    -------
    int
        0; 1 after an error, which is said in one line on stderr; 128 + signal
        after a signal (Ctrl-C: 130).
    """
    command = _parse(arguments)
    try:
        with Children() as children:
            return _carry_out(command, children)
    except PipelineError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except Interrupted as interruption:
        sys.stderr.write("interrupted; run it again to go on\n")
        return interruption.exit_code


def _parse(arguments: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        description=(
            "Settings come from the environment: DATA_DIR (default: data), "
            "TRANSACTIONS_PATH (file, folder or glob), VARS (dbt vars as YAML)."
        ),
    )
    parser.add_argument(
        "command",
        choices=("run", "summary", "readme", "audit", "audit-readme"),
        help="run: from raw data to a release; summary: show the last run's again; "
        "readme: write its figures into README.md and dbt_project/docs; audit: run, "
        "then measure what other designs would report and what the proxy is worth; "
        "audit-readme: write the last audit's figures and picture",
    )
    return str(parser.parse_args(arguments).command)


def _carry_out(command: str, children: Children) -> int:
    from pipeline.run import run
    from pipeline.settings import settings_from
    from pipeline.summary import read_report
    from pipeline.text import summary_text

    settings = settings_from(os.environ, Path.cwd())
    if command == "readme":
        from pipeline.readme import write_readme

        sys.stdout.writelines(f"wrote {path}\n" for path in write_readme(settings))
        return 0
    if command in ("audit", "audit-readme"):
        from pipeline.audit import audit, write_audit_readme

        lines = (
            audit(settings, children)
            if command == "audit"
            else [f"wrote {path}" for path in write_audit_readme(settings)]
        )
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 0
    if command == "run":
        run(settings, children)
    sys.stdout.write(summary_text(read_report(settings), settings))
    return 0
