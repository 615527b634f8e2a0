"""`make audit`: a run, identical customers beside it, and the audit of both.

`python -m pipeline audit-readme` keeps the last audit of `DATA_DIR` in
``tests/reference/audit.json`` and writes it into the README, with its picture.
"""

import json
import os
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.blocks import with_block
from pipeline.cards import Json
from pipeline.dbt_events import explained
from pipeline.errors import PipelineError
from pipeline.lock import sole_run
from pipeline.processes import Children
from pipeline.progress import say
from pipeline.readme import README
from pipeline.run import run
from pipeline.settings import ROOT, Settings
from pipeline.steps import Commands, Steps
from pipeline.unchanged import read_built, sources_fingerprint, write_built
from simulator.parameters import Parameters
from training.audit.names import JSON_NAME, NO_SIGNAL_FOLDER, TEXT_NAME
from training.audit.picture import picture_of
from training.audit.report import leakage_lines, leakage_text, score_text

REFERENCE = ROOT / "tests" / "reference" / "audit.json"
PICTURE = ROOT / "dbt_project" / "docs" / "leakage_audit.svg"
# Enough for chance to be told from skill: an AUC of 0.5 is known to 0.01.
CUSTOMERS = 20_000
EXAMPLES_ONLY = (
    *("--select", "+fct_training_examples"),
    *("dim_parameters", "feature_contract", "rating_scale"),
    *("--resource-type", "model", "--resource-type", "seed"),
)
NEEDED = """
    select days_needed + snapshot_interval_days
    from marts.dim_parameters
"""


def audit(
    settings: Settings, children: Children, commands: Commands | None = None
) -> list[str]:
    """Run, build identical customers, and audit both; the lines to show.

    Parameters
    ----------
    settings
        Where to read and write; the identical customers have a ``DATA_DIR`` of
        their own in it.
    children
        Runs the steps; a signal that it receives ends the audit.
    commands
        What the steps call; by default this environment's own.

    Raises
    ------
    PipelineError
        A step failed, or another run is using the same ``DATA_DIR``.
    Interrupted
        A signal came. Every step can be run again after it.
    """
    run(settings, children, commands)
    with sole_run(settings.data_dir):
        own = Steps(
            settings=settings,
            children=children,
            environment=settings.environment(os.environ),
            commands=commands or Commands(),
        )
        _build_identical_customers(own)
        own.audit()
    document = _read_document(settings)
    return [*leakage_lines(document), f"report: {settings.reports / TEXT_NAME}"]


def _build_identical_customers(own: Steps) -> None:
    """Simulate customers with nothing to predict, and build their examples."""
    settings = replace(
        own.settings,
        data_dir=own.settings.data_dir / NO_SIGNAL_FOLDER,
        transactions_path=None,
    )
    steps = replace(
        own, settings=settings, environment=settings.environment(os.environ)
    )
    options = (
        *("--customers", str(CUSTOMERS), "--signal", "0"),
        *("--days", str(_days(own.settings))),
    )
    wanted: Json = {"options": list(options)}
    settings.reports.mkdir(parents=True, exist_ok=True)
    simulated_with = settings.reports / "simulated_with.json"
    if not settings.simulated.is_file() or _read(simulated_with) != wanted:
        simulated_with.unlink(missing_ok=True)
        steps.simulate(*options)
        simulated_with.write_text(json.dumps(wanted), encoding="utf-8")
    sources, last = sources_fingerprint(settings), read_built(settings)
    if last is not None and last.sources == sources:
        say("audit-build: unchanged")
        return
    steps.build("audit-build", *EXAMPLES_ONLY)
    write_built(settings, sources=sources, champion="")


def _days(settings: Settings) -> int:
    """Length of the simulated period: one snapshot more than training needs."""
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            row = connection.execute(NEEDED).fetchone()
    except duckdb.Error as error:
        raise PipelineError(explained(str(error))) from error
    return max(Parameters.days, row[0] if row else 0)


def audit_text(text: str, document: Json) -> str:
    """Return the README with the block of the audit written anew."""
    picture = PICTURE.relative_to(ROOT).as_posix()
    block = f"{leakage_text(document, picture=picture)}\n\n{score_text(document)}"
    return with_block(text, "audit", block)


def write_audit_readme(settings: Settings) -> list[Path]:
    """Rewrite reference, picture and README from the last audit of `settings`.

    Raises
    ------
    PipelineError
        There was none.
    """
    document = _read_document(settings)
    REFERENCE.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    PICTURE.write_text(picture_of(document), encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    README.write_text(audit_text(text, document), encoding="utf-8")
    return [REFERENCE, PICTURE, README]


def _read_document(settings: Settings) -> Json:
    document = _read(settings.reports / JSON_NAME)
    if document is None:
        raise PipelineError(
            f"no audit has finished in DATA_DIR={settings.data_dir}: make audit first"
        )
    return document


def _read(path: Path) -> Json | None:
    try:
        found: Json = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
