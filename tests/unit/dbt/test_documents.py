"""The documents: figures of a run, names that exist, a place in dbt docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline.document_tables import BLOCKS, PRICED
from pipeline.documents import DOCUMENTS, document_text, read_reference
from tests.conftest import ROOT

PROJECT = ROOT / "dbt_project"
NOT_A_DOCUMENT = {"features.md", "overview.md"}
PAPERS = sorted(p for p in DOCUMENTS.glob("*.md") if p.name not in NOT_A_DOCUMENT)
SCHEMAS = "raw|staging|intermediate|marts|seeds|model"
PATH = re.compile(r"`((?:dbt_project|models_py|tests|data|api)/[\w/.]+|[A-Z_]+\.md)`")
TABLE = re.compile(rf"`(?:({SCHEMAS})\.)?((?:(?:stg|int|fct|dim|test)_|(?<=\.))\w+)`")

INACTIVITY = "“bought nothing in the outcome window”"

# Named like a test.
A_SPLIT = {"test_unseen"}


def exposures() -> dict[str, dict[str, object]]:
    found = {}
    for path in (PROJECT / "models").glob("_*.yml"):
        for exposure in yaml.safe_load(path.read_text())["exposures"]:
            found[exposure["name"]] = exposure
    return found


def block_name(path: Path) -> str:
    (name,) = re.findall(r"{% docs (\w+) %}", path.read_text())
    return name


def of_document() -> Iterator[tuple[str, dict[str, object]]]:
    for path in PAPERS:
        description = f"{{{{ doc('{block_name(path)}') }}}}"
        for name, exposure in exposures().items():
            if exposure["description"] == description:
                yield name, exposure


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_figures_are_those_of_the_reference(name: str) -> None:
    reference = read_reference()
    assert set(reference) == {"simulated", "raw"}
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    assert document_text(text, name, reference) == text
    reference["simulated"]["price"][0]["gini_difference"] += 0.1
    reference["simulated"]["circular_auc"] = None
    reference["simulated"]["clusters"][0]["row_share"] = 0.123
    assert document_text(text, name, reference) != text


def test_what_the_proxy_costs_is_of_the_test_snapshot_or_says_of_what() -> None:
    """Of the raw run, where train and test differ."""
    run = read_reference()["raw"]
    by_split = {row["split"]: row for row in run["audit"]}
    assert by_split["test"] != by_split["train"]
    assert run["label"]["event_rate_test"] == by_split["test"]["event_rate"]
    agreement = by_split["test"]["agreement_with_inactivity"]
    assert run["label"]["agreement_with_inactivity"] == agreement
    lines = BLOCKS["proxy.md"]({"raw": run}).splitlines()
    assert f"| label equals {INACTIVITY} | {100 * agreement:.1f} % |" in lines
    assert agreement == pytest.approx(0.994, abs=5e-4)
    assert sum("random rows of train and test" in line for line in lines) == 1
    assert sum("of all snapshots" in line for line in lines) == 1


def test_a_label_flips_in_two_ways_and_the_score_is_held_to_defaults() -> None:
    reference = read_reference()
    run = reference["simulated"]
    for row in run["stability"]:
        row |= {"baseline_flip_rate": 0.111, "flip_rate": 0.222}
    label = BLOCKS["label.md"](reference)
    assert "| active customers only, four clusters | 11.1 %, 22.2 % |" in label
    shown = "AUC against default 0.561 [0.479, 0.666], 46 defaults"
    assert shown in BLOCKS["proxy.md"](reference)
    run["score_comparisons"][0] |= {"event_count": None, "auc": None}
    proxy = BLOCKS["proxy.md"](reference)
    name = "score and default in the outcome window"
    assert f"| {name} | no outcomes supplied | no outcomes supplied |" in proxy


def test_the_price_is_told_on_every_split_and_where_it_is_too_high() -> None:
    reference = read_reference()
    for run in reference.values():
        assert [row["split"] for row in run["price"]] == sorted(PRICED)
    (fold_0,) = [r for r in reference["simulated"]["price"] if r["split"] == "fold_0"]
    fold_0 |= {"gini_difference": -0.031, "row_count": 1234}
    fold_0 |= {"gini_difference_lower": -0.05, "gini_difference_upper": -0.01}
    reference["raw"]["price"] = [
        {**row, "gini_difference": -0.03} for row in reference["raw"]["price"]
    ]
    block = BLOCKS["models_compared.md"](reference)
    assert f"| {PRICED['fold_0']} | -0.031 [-0.050, -0.010]; 1,234 | " in block
    said = "The scorecard is more than 0.03 Gini behind XGBoost on"
    assert f"- simulated: {said} fold_0 (-0.031)." in block
    assert f"- Xente, rebuilt: {said} none of these splits." in block
    reference["simulated"]["price"].remove(fold_0)
    assert f"| {PRICED['fold_0']} | no rows | " in BLOCKS["models_compared.md"](
        reference
    )


def test_every_document_is_an_exposure_and_linked_from_the_overview() -> None:
    found = dict(of_document())
    assert len(found) == len(PAPERS) == 7
    assert {exposure["type"] for exposure in found.values()} == {"analysis"}
    overview = (DOCUMENTS / "overview.md").read_text()
    linked = set(re.findall(r"\(#!/exposure/exposure\.bati\.(\w+)\)", overview))
    assert linked == set(found)


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_name_of_a_document_exists(path: Path) -> None:
    text = path.read_text()
    missing = [name for name in PATH.findall(text) if not (ROOT / name).exists()]
    ddl = (PROJECT / "macros" / "create_model_tables.sql").read_text()
    landing = (PROJECT / "macros" / "landing" / "raw_tables.sql").read_text()
    tables = {
        "model": set(re.findall(r"(?:table if not exists|view) model\.(\w+)", ddl)),
        "raw": set(re.findall(r"raw\.(\w+)", landing)),
    }
    kept = [*PROJECT.rglob("*.sql"), *PROJECT.rglob("*.csv")]
    files = {p.stem for p in [*kept, *(ROOT / "tests").rglob("test_*.py")]}
    for schema, table in TABLE.findall(text):
        if table not in tables.get(schema, files) | A_SPLIT:
            missing.append(f"{schema}.{table}")
    assert missing == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_table_has_as_many_cells_in_each_row(path: Path) -> None:
    for block in re.findall(r"(?:^\|.*\|$\n?)+", path.read_text(), re.M):
        assert len({line.count("|") for line in block.splitlines()}) == 1, block
