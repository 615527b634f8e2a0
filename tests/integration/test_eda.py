"""`make eda` on a finished run: what it asks, what it shows, where it leaves it."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from notebooks.pictures import PICTURES
from tests.conftest import ROOT, Workspace

FIGURE = re.compile(
    r'<figure id="(?P<name>\w+)".*?<h3>(?P<question>.+?)</h3>'
    r'<img alt="(?P<alt>[^"]+)"[^>]*src="data:image/png;base64,[^"]+">'
    r"<figcaption>(?P<sentence>.+?)</figcaption>.*?<pre>(?P<sql>.+?)</pre>.*?</figure>",
    re.DOTALL,
)
NOT_DRAWN = {"warehouse_overview"}


@dataclass(frozen=True)
class Exported:
    """What ``make eda`` wrote."""

    page: str
    notebook: dict[str, Any]
    said: str


@pytest.fixture(scope="module")
def exported(simulated: Workspace) -> Exported:
    done = simulated.python("-m", "notebooks", "export")
    reports = simulated.data_dir / "reports"
    return Exported(
        page=(reports / "eda.html").read_text(encoding="utf-8"),
        notebook=json.loads((reports / "eda.ipynb").read_text(encoding="utf-8")),
        said=done.stdout,
    )


@pytest.fixture(scope="module")
def figures(exported: Exported) -> dict[str, dict[str, str]]:
    found = [match.groupdict() for match in FIGURE.finditer(exported.page)]
    return {figure["name"]: figure for figure in found}


def test_every_cell_ran(exported: Exported) -> None:
    code = [c for c in exported.notebook["cells"] if c["cell_type"] == "code"]
    setup, *cells = code
    assert setup["id"] == "setup"
    assert len(cells) == len(PICTURES) + 1, "one per picture, and the introduction"
    for cell in cells:
        kinds = [output["output_type"] for output in cell["outputs"]]
        assert kinds == ["display_data"], "".join(cell["source"])


def test_every_analysis_is_shown_once_with_its_own_sql(
    simulated: Workspace, exported: Exported, figures: dict[str, dict[str, str]]
) -> None:
    folder = simulated.data_dir / "target" / "compiled" / "bati" / "analyses"
    compiled = {path.stem: path.read_text() for path in folder.glob("*.sql")}
    written = {path.stem for path in ROOT.glob("dbt_project/analyses/*.sql")}
    assert set(figures) == set(PICTURES) == written - NOT_DRAWN
    assert exported.page.count("<figure ") == len(figures)
    for name, figure in figures.items():
        assert html.unescape(figure["sql"]) == compiled[name].strip()
        assert figure["question"].endswith("?")


def test_every_picture_has_a_sentence_that_says_the_data_are_simulated(
    figures: dict[str, dict[str, str]],
) -> None:
    for name, figure in figures.items():
        assert len(figure["alt"]) > 20, name
        sentence = figure["sentence"]
        assert sentence.startswith("<strong>Simulated data.</strong> "), name
        assert sentence.endswith("."), name
        assert not re.search(r"\b(nan|NaT|inf)\b", sentence), sentence
        assert re.search(r"\d", sentence), f"{name} names no number of the data"


def test_numbers_in_the_sentences_are_those_of_the_warehouse(
    simulated: Workspace, figures: dict[str, dict[str, str]]
) -> None:
    [accepted] = simulated.query("select count(*) from marts.fct_transactions").iloc[0]
    fates = figures["input_rows_by_fate"]["sentence"]
    assert f"one of {accepted:,} input rows" in fates
    [correlation] = simulated.query(
        "select corr(a, b) from ("
        "select rank() over (order by active_days) as a,"
        " rank() over (order by transaction_count) as b"
        " from marts.fct_customer_features"
        " where snapshot_date = (select max(snapshot_date) from marts.dim_snapshots))"
    ).iloc[0]
    sentence = figures["feature_correlations"]["sentence"]
    told = re.search(r"active_days with transaction_count \(\+(0\.\d\d)\)", sentence)
    assert told
    assert float(told[1]) == pytest.approx(correlation, abs=0.02), "without mean ranks"


def test_the_page_opens_without_a_network(exported: Exported) -> None:
    assert "://" not in exported.page
    assert re.findall(r"<(?:script|link|iframe|object)\b", exported.page) == []
    references = re.findall(r'(?:src|href)="([^"]{,30})', exported.page)
    inside = ("data:image/png;", "#")
    assert [r for r in references if not r.startswith(inside)] == []
    assert "url(" not in exported.page
    assert "@import" not in exported.page


def test_it_says_where_and_leaves_nothing_else(
    simulated: Workspace, exported: Exported
) -> None:
    reports = simulated.data_dir / "reports"
    assert exported.said == f"wrote {reports}/eda.html\nwrote {reports}/eda.ipynb\n"
    assert list(simulated.data_dir.glob(".eda-*")) == []
    assert not (ROOT / "notebooks" / "__marimo__").exists()


def test_without_a_warehouse_it_is_one_line(workspace: Workspace) -> None:
    done = workspace.python("-m", "notebooks", "export", check=False)
    assert done.returncode == 1
    assert done.stderr == (
        f"error: no warehouse at {workspace.data_dir}/warehouse.duckdb:"
        " run make run first\n"
    )


@pytest.mark.hard
def test_a_cell_that_fails_is_told_in_one_line_and_replaces_nothing(
    simulated: Workspace, workspace: Workspace
) -> None:
    """A table that only one picture reads is empty of its columns."""
    shutil.copytree(simulated.data_dir / "target", workspace.data_dir / "target")
    path: Path = workspace.data_dir / "warehouse.duckdb"
    shutil.copy(simulated.data_dir / "warehouse.duckdb", path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table marts.fct_label_audit drop column event_rate")
    done = workspace.python("-m", "notebooks", "export", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: PipelineError: ")
    assert "event_rate" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(workspace.data_dir.glob("reports/*")) == []
