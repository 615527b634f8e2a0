"""What dbt itself lets pass: a misspelt description, a mart without contract."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Workspace
from tests.integration.readers import (
    PIPELINE,
    SOURCES,
    relations_in,
    relations_read,
)

# Models without a unit test, and why.
WITHOUT_UNIT_TEST = {
    "what others compute, renamed or joined by its key": {
        "dim_snapshots",
        "fct_customer_features",
        "fct_training_examples",
        "fct_transactions",
        "int_champion__promoted",
        "int_observation_engagement__joined",
        "int_outcomes__aggregated",
        "stg_decisions__decisions",
        "stg_decisions__logs",
        "stg_decisions__reviews",
        "stg_model__champion",
        "stg_model__model_promotions",
        "stg_model__rating_scale",
        "stg_model__scorecard",
        "stg_model__scorecard_features",
        "stg_model__scorecard_points",
        "stg_raw__outcomes",
        "stg_raw__rejected_rows",
    },
    "the vars of the project, held to parameters_hash by tests of their own": {
        "dim_parameters"
    },
    "the macros of its twin on the outcome window, which has one": {
        "int_observation_clusters__assigned",
        "int_observation_clusters__fitted",
        "int_observation_engagement__scaled",
    },
}


@pytest.fixture(scope="module")
def manifest(simulated: Workspace) -> dict[str, Any]:
    return json.loads((simulated.data_dir / "target" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def relations(manifest: dict[str, Any]) -> dict[str, str]:
    """What can be read, schema.name, by its unique id."""
    nodes = {**manifest["nodes"], **manifest["sources"]}
    return {
        unique_id: f"{node['schema']}.{node['name']}"
        for unique_id, node in nodes.items()
        if node["resource_type"] in ("model", "seed", "source")
    }


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def test_every_column_of_every_table_is_described(
    simulated: Workspace, manifest: dict[str, Any], relations: dict[str, str]
) -> None:
    columns = simulated.query(
        "select table_schema || '.' || table_name as relation, column_name "
        "from information_schema.columns"
    )
    stored = columns.groupby("relation").column_name.agg(set).to_dict()
    nodes = {**manifest["nodes"], **manifest["sources"]}
    undescribed = []
    for unique_id, relation in relations.items():
        node = nodes[unique_id]
        assert relation in stored, f"{relation} was not built"
        described = {c for c, spec in node["columns"].items() if spec["description"]}
        undescribed += [f"{relation}.{c}" for c in stored[relation] ^ described]
        undescribed += [] if "One row" in node["description"] else [relation]
    assert undescribed == []
    landed = ("raw.", "model.", "decisions.")
    undeclared = {r for r in stored if r.startswith(landed)} - {*relations.values()}
    assert undeclared == set()


def test_every_mart_has_a_contract_and_reads_no_source(
    models: dict[str, dict[str, Any]],
) -> None:
    marts = {n: m for n, m in models.items() if m["schema"] == "marts"}
    assert len(marts) >= 6
    assert [n for n, m in marts.items() if not m["contract"]["enforced"]] == []
    readers = [
        n
        for n, m in marts.items()
        for parent in m["depends_on"]["nodes"]
        if parent.startswith("source.")
    ]
    assert readers == []


def test_every_model_and_seed_has_a_key_test(manifest: dict[str, Any]) -> None:
    keyed = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata", {}).get("name")
        in {"unique", "unique_combination"}
        and node.get("attached_node")
    }
    tables = {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    without_key = {
        # A join of two relations with keys; its counts are reconciled.
        "model.bati.int_transactions__observed",
        # As delivered: the same line may come twice.
        "model.bati.stg_raw__outcomes",
        "model.bati.stg_raw__rejected_rows",
    }
    assert tables - keyed == without_key


def test_every_model_has_a_unit_test_or_a_reason(
    manifest: dict[str, Any], models: dict[str, dict[str, Any]]
) -> None:
    tested = {test["model"] for test in manifest["unit_tests"].values()}
    exempt = [name for names in WITHOUT_UNIT_TEST.values() for name in names]
    assert len(exempt) == len(set(exempt))
    assert {*models} - tested == {*exempt}


def test_scores_descend_from_the_card(models: dict[str, dict[str, Any]]) -> None:
    """Points are in the compiled SQL, but not in what it selects from."""
    card = {
        f"model.bati.stg_model__{table}"
        for table in ("champion", "scorecard", "scorecard_points")
    }
    for name in ("int_customer_points__looked_up", "int_test_customers__scored"):
        parents = {*models[name]["depends_on"]["nodes"]}
        assert parents == card | {"model.bati.fct_customer_features"}, name


def test_singular_tests_say_what_to_do(manifest: dict[str, Any]) -> None:
    silent = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("test_metadata") is None
        and not node["description"]
    ]
    assert silent == []


def test_every_analysis_asks_a_question_and_has_a_grain(
    manifest: dict[str, Any],
) -> None:
    descriptions = {
        node["name"]: node["description"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "analysis"
    }
    assert len(descriptions) >= 20
    assert [
        name
        for name, text in descriptions.items()
        if not ("?" in text and "One row" in text)
    ] == []


def test_every_exposure_has_an_owner(manifest: dict[str, Any]) -> None:
    exposures = manifest["exposures"].values()
    assert {e["name"] for e in exposures} >= {"training", "release", "scoring_api"}
    assert [e["name"] for e in exposures if not e["owner"].get("email")] == []


def test_the_notebook_depends_on_what_its_analyses_read(
    manifest: dict[str, Any],
) -> None:
    asked = {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "analysis"
        for parent in node["depends_on"]["nodes"]
    }
    assert set(manifest["exposures"]["exposure.bati.eda"]["depends_on"]["nodes"]) == (
        asked
    )


@pytest.mark.parametrize("exposure", [*SOURCES, "scoring_api"])
def test_an_exposure_depends_on_what_its_program_reads(
    manifest: dict[str, Any], relations: dict[str, str], exposure: str
) -> None:
    """The API serves what the release holds, and reads nothing else."""
    reader = "release" if exposure == "scoring_api" else exposure
    listed = manifest["exposures"][f"exposure.bati.{exposure}"]["depends_on"]["nodes"]
    assert {relations[unique_id] for unique_id in listed} == relations_read(reader)


def test_documents_with_figures_depend_on_where_these_are_from(
    manifest: dict[str, Any], relations: dict[str, str]
) -> None:
    listed = {
        relations[unique_id]
        for document in ("proxy", "label_audit", "models_compared")
        for unique_id in manifest["exposures"][f"exposure.bati.{document}"][
            "depends_on"
        ]["nodes"]
    }
    assert relations_in([PIPELINE / "documents.py"]) - listed == set()


def test_nothing_that_the_next_dbt_drops_is_used(
    models: dict[str, dict[str, Any]],
) -> None:
    assert {m["language"] for m in models.values()} == {"sql"}
    allowed = {"table", "view", "per_snapshot"}
    assert {m["config"]["materialized"] for m in models.values()} <= allowed
