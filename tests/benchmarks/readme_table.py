"""What the tables of all benchmarks share: aligned text, and their README block."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.readme import README
from tests.benchmarks.workbench import Json


def aligned(cells: Sequence[Sequence[str]], words: str) -> str:
    r"""Return columns of equal width and the words below, for the terminal.

    Examples
    --------
    >>> aligned([["rows", "s"], ["1,000", "2"]], "Measured.")
    '\nrows   s\n1,000  2\n\nMeasured.\n'
    """
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in cells
    )
    return "\n".join(["", *(row.rstrip() for row in rows), "", words, ""])


def keep(
    report: Path,
    *,
    reference: Path,
    rewrite: Callable[[str, Json], str],
    target: str,
) -> Path:
    """Keep a report as the reference, and rewrite the README by it.

    Raises
    ------
    PipelineError
        Nothing has been measured; `target` of the Makefile would.
    """
    if not report.exists():
        raise PipelineError(f"no {report}: run make {target} first")
    measured = report.read_text(encoding="utf-8")
    reference.write_text(measured, encoding="utf-8")
    readme = rewrite(README.read_text(encoding="utf-8"), json.loads(measured))
    README.write_text(readme, encoding="utf-8")
    return README
