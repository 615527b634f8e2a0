"""Compile the analyses, run the notebook, write both files."""

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from notebooks.gallery import open_gallery
from notebooks.page import errors_of, page_of
from pipeline.dbt_events import explained
from pipeline.dbt_vars import vars_argument
from pipeline.errors import PipelineError
from pipeline.processes import Children
from pipeline.settings import Settings

NOTEBOOK = Path(__file__).with_name("eda.py")
COMPILE = (
    *("--quiet", "--no-use-colors", "compile", "--select", "resource_type:analysis"),
    # Neither opens the warehouse, so that one in use stands in nobody's way.
    *("--no-populate-cache", "--no-introspect"),
)


def compile_analyses(settings: Settings, children: Children) -> None:
    """Have dbt write the SQL of the analyses into ``target``.

    Raises
    ------
    PipelineError
        There is no warehouse to ask, or dbt cannot compile.
    """
    if not settings.warehouse.is_file():
        raise PipelineError(f"no warehouse at {settings.warehouse}: run make run first")
    done = children.run(
        [_beside_python("dbt"), *COMPILE, *vars_argument(settings.dbt_vars)],
        environment=settings.environment(os.environ),
        log=settings.logs / "eda_compile.log",
        on_line=_ignore,
    )
    if done.exit_code != 0:
        raise PipelineError(explained("\n".join(done.last_lines)))


def export(settings: Settings, children: Children) -> tuple[Path, Path]:
    """Run the notebook without a browser.

    Returns
    -------
    tuple of Path
        ``reports/eda.html`` and ``reports/eda.ipynb``; both are replaced, or
        neither.

    Raises
    ------
    PipelineError
        The warehouse cannot answer, or a cell failed.
    """
    compile_analyses(settings, children)
    open_gallery(settings)
    settings.reports.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.data_dir, prefix=".eda-") as name:
        folder = Path(name)
        executed = _execute(settings, children, folder)
        text = executed.read_text(encoding="utf-8")
        page = folder / "eda.html"
        page.write_text(page_of(text), encoding="utf-8")
        return tuple(  # type: ignore[return-value] # of two
            path.replace(settings.reports / path.name) for path in (page, executed)
        )


def _execute(settings: Settings, children: Children, folder: Path) -> Path:
    """Run a copy in `folder`: marimo leaves a folder beside what it runs."""
    copy = shutil.copy(NOTEBOOK, folder)
    result = folder / "eda.ipynb"
    done = children.run(
        [
            *(_beside_python("marimo"), "--yes", "export", "ipynb", str(copy)),
            *("--include-outputs", "--sort", "top-down", "-o", str(result)),
        ],
        environment={
            **settings.environment(os.environ),
            # The user's own settings of marimo are not read, nor written.
            "XDG_CONFIG_HOME": str(folder),
            "XDG_STATE_HOME": str(folder),
        },
        log=settings.logs / "eda.log",
        on_line=_ignore,
    )
    if done.exit_code != 0:
        reasons = [*done.last_lines[-1:], "no reason given"]
        if result.exists():
            reasons = errors_of(result.read_text(encoding="utf-8")) + reasons
        raise PipelineError(f"{reasons[0]} (log: {settings.logs / 'eda.log'})")
    return result


def _beside_python(program: str) -> str:
    return str(Path(sys.executable).with_name(program))


def _ignore(line: str) -> None:
    del line
