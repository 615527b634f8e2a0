"""The steps of an audit, and the README that shows the last one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit import (
    PICTURE,
    REFERENCE,
    audit,
    audit_text,
    write_audit_readme,
)
from pipeline.errors import PipelineError
from pipeline.processes import Children
from pipeline.readme import README
from pipeline.settings import Settings
from pipeline.steps import Commands
from training.audit.picture import picture_of

StandIns = Callable[..., Commands]
Calls = Callable[[], list[str]]

# Training's stand-in is called to train, then to audit.
WRITE_AUDIT = f"""
if sys.argv[1:] == ["audit"]:
    reports = pathlib.Path(os.environ["DATA_DIR"], "reports")
    (reports / "audit.json").write_text(pathlib.Path({str(REFERENCE)!r}).read_text())
"""
# dbt's stand-in leaves a warehouse where there is none.
WRITE_WAREHOUSE = """
path = pathlib.Path(os.environ["DATA_DIR"], "warehouse.duckdb")
path.exists() or path.touch()
"""
# The simulator's leaves the file it was asked for.
WRITE_FILE = """
path = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
path.parent.mkdir(parents=True, exist_ok=True)
path.touch()
"""


def audited(settings: Settings, commands: Commands) -> list[str]:
    with Children() as children:
        return audit(settings, children, commands)


@pytest.mark.usefixtures("warehouse")
def test_identical_customers_are_built_beside_the_data_and_kept(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    commands = stand_ins(
        training=WRITE_AUDIT, dbt=WRITE_WAREHOUSE, simulator=WRITE_FILE
    )
    lines = audited(settings, commands)
    beside = settings.data_dir / "audit" / "no_signal"
    first = calls()
    (simulated,) = (call for call in first if "--signal 0" in call)
    assert f"--out {beside / 'simulated' / 'transactions.parquet'}" in simulated
    assert "--days 91" in simulated
    (built,) = (call for call in first if "+fct_training_examples" in call)
    assert "--resource-type model" in built
    assert first[-1] == "training audit"
    assert lines[-1] == f"report: {settings.reports / 'audit.md'}"
    assert any(line.startswith("Nothing to predict: same window") for line in lines)

    # Nothing is new: only the audit itself is repeated.
    audited(settings, commands)
    assert calls()[len(first) :] == [
        "training",
        "training card",
        "release",
        "training audit",
    ]


def test_without_an_audit_there_is_nothing_to_write(settings: Settings) -> None:
    with pytest.raises(PipelineError, match="make audit first"):
        write_audit_readme(settings)


def test_readme_and_picture_are_those_of_the_reference() -> None:
    document = json.loads(REFERENCE.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    assert audit_text(text, document) == text
    assert picture_of(document) == PICTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [("leakage", "studied"), ("proxy", "comparisons")])
def test_another_figure_changes_the_readme(path: tuple[str, str]) -> None:
    document = json.loads(REFERENCE.read_text(encoding="utf-8"))
    document[path[0]][path[1]].pop()
    text = README.read_text(encoding="utf-8")
    assert audit_text(text, document) != text


def test_the_picture_is_shown_from_where_it_lies() -> None:
    relative = f"]({PICTURE.relative_to(README.parent).as_posix()})"
    assert relative in README.read_text(encoding="utf-8")
    assert Path(PICTURE).suffix == ".svg"
