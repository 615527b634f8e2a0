"""The card of a whole run: complete, alone, the same each time, and true."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import duckdb
import pytest

from tests.conftest import Workspace
from training.card.build import build_card
from training.card.page import as_html
from training.card.parts import as_json
from training.card.reading import Facts, read_facts
from training.metrics import WITH_INTERVAL

CHAPTERS = [
    *("purpose", "data", "label", "features", "decisions", "performance"),
    *("calibration", "stability", "fairness", "challenger", "monitoring"),
    *("capital_example", "versions"),
]
VOID = {"meta", "br", "link", "img", "input", "hr"}
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


class Page(HTMLParser):
    """Notes tags that are not closed in order, and every reference."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("href", "src", "action", "data", "srcset", "xlink:href"):
                self.references.append(value or "")
            if name == "id":
                self.ids.append(value or "")
        if tag not in VOID:
            self.open.append(tag)  # handle_startendtag closes it again

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html(simulated: Workspace) -> str:
    return (simulated.data_dir / "reports" / "model_card.html").read_text("utf-8")


@pytest.fixture(scope="module")
def card(simulated: Workspace) -> dict[str, Any]:
    return json.loads((simulated.data_dir / "reports" / "model_card.json").read_text())


@pytest.fixture(scope="module")
def facts(simulated: Workspace) -> Facts:
    path = str(simulated.data_dir / "warehouse.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        return read_facts(connection, None)


def test_every_chapter_is_there_and_says_what_the_data_are(
    card: dict[str, Any],
) -> None:
    assert list(card["sections"]) == CHAPTERS
    assert any("simulated" in warning for warning in card["warnings"])
    assert any("not a probability of default" in text for text in card["warnings"])
    assert "An example" in card["sections"]["capital_example"]["text"][0]


def test_the_page_is_whole_and_needs_nothing_from_outside(html: str) -> None:
    page = Page()
    page.feed(html)
    assert page.open == []
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    assert {reference.removeprefix("#") for reference in page.references} == set(
        CHAPTERS
    )
    bare = html.replace(NAMESPACE, "")
    assert re.findall(r"https?://|//\w|url\(|@import", bare) == []
    assert "@media print" in html
    assert html.count("<svg") == html.count("<title>") - 1 == html.count("<desc>")


def test_page_and_data_are_of_the_same_rows_each_time(
    facts: Facts, html: str, card: dict[str, Any]
) -> None:
    built = build_card(facts)
    assert as_html(built) == html
    assert as_json(built) == card


def test_the_command_leaves_what_would_not_change(simulated: Workspace) -> None:
    path = simulated.data_dir / "reports" / "model_card.html"
    before = path.stat().st_mtime_ns
    done = simulated.python("-m", "training", "card")
    assert done.stdout.count("unchanged: ") == 2
    assert path.stat().st_mtime_ns == before


def test_an_unknown_version_is_told_in_one_line(simulated: Workspace) -> None:
    done = simulated.python("-m", "training", "card", "--version", "no", check=False)
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .endswith("no trained version 'no': model.training_runs lists them")
    )


def test_grades_and_reasons_are_those_that_customers_are_given(
    simulated: Workspace, card: dict[str, Any]
) -> None:
    tables = card["sections"]["decisions"]["tables"]
    grades = simulated.query(
        "select grade, count(*) as n from marts.fct_customer_scores"
        " where status = 'scored' group by grade"
    )
    assert {row["grade"]: row["customers"] for row in tables["grades"]} == dict(
        zip(grades.grade, grades.n, strict=True)
    )
    reasons = simulated.query(
        "select reason.code, count(*) as n, avg(reason.loss) as loss from"
        " (select unnest(reasons) as reason from marts.fct_customer_scores"
        " where reason_reference = 'training_mean') group by reason.code"
    )
    assert {row["reason_code"]: row["given_count"] for row in tables["reasons"]} == (
        dict(zip(reasons.code, reasons.n, strict=True))
    )
    assert {row["reason_code"]: row["mean_loss"] for row in tables["reasons"]} == (
        pytest.approx(dict(zip(reasons.code, reasons.loss, strict=True)), abs=1e-5)
    )


def test_figures_are_those_of_the_tables(
    simulated: Workspace, card: dict[str, Any]
) -> None:
    (row,) = [
        row
        for row in card["sections"]["performance"]["tables"]["splits"]
        if row["split"] == "test"
    ]
    (errors,) = [
        row
        for row in card["sections"]["performance"]["tables"]["errors"]
        if row["split"] == "test"
    ]
    found = simulated.query(
        "select * from model.candidate_metrics"
        " where candidate = 'scorecard' and split = 'test'"
    ).iloc[0]
    for name in WITH_INTERVAL:
        ends = [f"{name}_lower", f"{name}_upper"]
        listed = row if name in row else errors
        assert [listed[n] for n in (name, *ends)] == [found[n] for n in (name, *ends)]
    points = simulated.query("select sum(row_count) as n from model.scorecard_points")
    listed = card["sections"]["features"]["tables"]["points"]
    assert sum(row["row_count"] for row in listed) == points.n[0]


def test_the_gates_of_the_promotion_are_told(facts: Facts) -> None:
    gate = {"gate": "score_psi", "outcome": "not assessed", "value": None}
    gate |= {"minimum": None, "maximum": 0.25, "unit": "PSI", "detail": "no rows"}
    gate |= {"is_blocking": True}
    last = {**facts.promotions[-1], "gate_results": json.dumps([gate])}
    built = as_json(build_card(replace(facts, promotions=[last])))
    (row,) = built["sections"]["versions"]["tables"]["gates"]
    assert (row["gate"], row["minimum"], row["maximum"]) == ("score_psi", "none", 0.25)
    assert row["value"] == "not assessed: it could not be measured"
    assert sum("score_psi not assessed (no rows)" in t for t in built["warnings"]) == 1


def test_a_champion_on_data_too_short_to_train_on_has_a_card(facts: Facts) -> None:
    short = replace(
        facts,
        label=[],
        label_stability=[],
        label_comparisons=[],
        score_comparisons=[],
    )
    tables = as_json(build_card(short))["sections"]["label"]["tables"]
    why = "not assessed: no outcome window is closed in the data of now"
    said = [table[0].popitem()[1] for table in tables.values()]
    assert said[:3] == [why] * 3
    assert "only a champion" in said[3]


def test_whether_stability_was_assessed_is_told(
    facts: Facts, card: dict[str, Any]
) -> None:
    (said,) = card["sections"]["stability"]["facts"].values()
    assert said == facts.training["stability_note"]
    assert said.startswith("stability not assessed: ")


def test_why_each_feature_is_in_or_not_is_told(
    simulated: Workspace, card: dict[str, Any]
) -> None:
    rows = card["sections"]["features"]["tables"]["selection"]
    stored = simulated.query(
        "select feature, is_selected, reason from model.feature_selection"
        " order by position"
    )
    assert [(row["feature"], row["is_selected"], row["reason"]) for row in rows] == (
        list(stored.itertuples(index=False, name=None))
    )
    used = simulated.query("select feature from model.scorecard_features")
    assert {row["feature"] for row in rows if row["is_selected"]} == set(used.feature)
    twins = [row for row in rows if row["twin"] != "none"]
    assert {row["reason"] for row in twins} == {"correlated with a better feature"}
