"""What can go wrong on the way to the files, in one line each."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from notebooks import export
from notebooks.analyses import ask, read_analyses
from pipeline.errors import PipelineError
from pipeline.processes import Children, Completed
from pipeline.settings import Settings

ERROR = {"output_type": "error", "ename": "PipelineError", "evalue": "a is locked"}


class Failing(Children):
    """Ends as a program that fails, having written a notebook or not."""

    def __init__(self, notebook: Mapping[str, Any] | None) -> None:
        super().__init__()
        self._notebook = notebook

    def run(self, command: Sequence[str], **_: object) -> Completed:
        """Fail."""
        if self._notebook is not None:
            Path(command[-1]).write_text(json.dumps(self._notebook))
        return Completed(exit_code=1, seconds=0.0, last_lines=("out of memory",))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path, dbt_project_dir=tmp_path, dbt_profiles_dir=tmp_path
    )


@pytest.mark.parametrize(
    ("notebook", "reason"),
    [
        ({"cells": [{"outputs": [ERROR]}]}, "PipelineError: a is locked"),
        (None, "out of memory"),
    ],
)
def test_a_notebook_that_fails_says_why_and_replaces_nothing(
    notebook: Mapping[str, Any] | None,
    reason: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "compile_analyses", lambda *_: None)
    monkeypatch.setattr(export, "open_gallery", lambda *_: None)
    with pytest.raises(PipelineError) as raised:
        export.export(settings, Failing(notebook))
    assert str(raised.value) == f"{reason} (log: {settings.logs}/eda.log)"
    assert [path.name for path in settings.data_dir.iterdir()] == ["reports"]
    assert list(settings.reports.iterdir()) == []


def test_dbt_that_fails_says_why(settings: Settings) -> None:
    settings.warehouse.touch()
    with pytest.raises(PipelineError, match="out of memory"):
        export.compile_analyses(settings, Failing(None))


def test_what_is_not_compiled_names_the_target(settings: Settings) -> None:
    with pytest.raises(
        PipelineError, match=r"no compiled analyses in .*: run make eda"
    ):
        read_analyses(settings.manifest)


def test_a_warehouse_without_the_marts_is_not_complete(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(PipelineError, match=r"w\.duckdb is not complete: run make run"):
        ask(path, "select * from marts.fct_transactions")


def test_the_question_is_told_from_its_explanation(settings: Settings) -> None:
    node = {
        "resource_type": "analysis",
        "name": "a",
        "description": "How many? One row.",
        "compiled_code": "select 1\n",
    }
    settings.manifest.parent.mkdir()
    settings.manifest.write_text(json.dumps({"nodes": {"a": node}}))
    analysis = read_analyses(settings.manifest)["a"]
    assert (analysis.question, analysis.explanation) == ("How many?", "One row.")
    assert analysis.sql == "select 1"
