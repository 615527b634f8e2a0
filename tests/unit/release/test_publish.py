"""A release holds exactly what the warehouse says, and appears at once."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from release import publish as publish_module
from release.content import read_content
from release.layout import current_release_id
from release.publish import publish
from release.registry import RegisteredModel
from release.settings import ReleaseSettings
from release.warehouse import open_warehouse
from tests.unit.release.example_warehouse import (
    CARD,
    CATEGORICAL,
    FEATURES,
    MODEL_VERSION,
    NOT_SCORED,
    PARAMETERS_HASH,
)

UNPACKED = f"""
select customer_id, case when features is not null then list_transform(
    range(1, {len(FEATURES) + 1}),
    lambda n: nullif(cast(cast(features[8 * n - 7:8 * n] as bit) as double), 'nan')
) end from customers
"""  # noqa: S608 (a number)


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def change(settings: ReleaseSettings, sql: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(sql)


def release_id(settings: ReleaseSettings) -> str:
    model = RegisteredModel("credit_scoring_model", "champion", "3", MODEL_VERSION)
    spill = settings.data_dir / "spill"
    with open_warehouse(settings.warehouse, spill_to=spill) as warehouse:
        return read_content(warehouse, model).release_id


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its inode and time of modification."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.name != ".lock"
    }


def test_every_vector_is_the_mart_row_of_the_score_snapshot(
    settings: ReleaseSettings,
) -> None:
    folder = publish(settings).folder
    categories = json.loads((folder / "scorecard.json").read_bytes())["categories"]
    vectors = dict(query(folder / "customers.duckdb", UNPACKED))
    columns = ", ".join(FEATURES)
    mart = query(
        settings.warehouse,
        f"select customer_id, {columns} "  # noqa: S608 (names of the contract)
        "from marts.fct_customer_features where split = 'score'",
    )
    assert len(mart) == 300
    for customer_id, *values in mart:
        unpacked = [
            categories[name][int(value)]
            if name in CATEGORICAL and value is not None
            else value
            for name, value in zip(FEATURES, vectors[customer_id], strict=True)
        ]
        assert unpacked == values
    assert [vectors[customer_id] for customer_id in NOT_SCORED] == [None] * 3


def test_customers_have_a_status_and_a_unique_index(settings: ReleaseSettings) -> None:
    path = publish(settings).folder / "customers.duckdb"
    assert query(
        path,
        "select status, not_scored_reason, count(*) from customers "
        "group by all order by status desc",
    ) == [("scored", None, 300), ("not_scored", "no_recent_transactions", 3)]
    assert query(path, "select is_unique from duckdb_indexes()") == [(True,)]
    assert not path.with_name("customers.duckdb.wal").exists()


def test_categories_are_sorted_and_only_of_the_score_snapshot(
    settings: ReleaseSettings,
) -> None:
    folder = publish(settings).folder
    categories = json.loads((folder / "scorecard.json").read_bytes())["categories"]
    assert sorted(categories) == sorted(CATEGORICAL)
    assert categories["main_channel"] == [f"channel_{i}" for i in range(1, 6)]


def test_scorecard_keeps_every_double(settings: ReleaseSettings) -> None:
    folder = publish(settings).folder
    document = json.loads((folder / "scorecard.json").read_bytes())
    points = query(
        settings.warehouse,
        "select feature, bin_index, lower, upper, woe, points, categories "
        "from model.scorecard_points order by all",
    )
    written = [
        tuple(
            row[name]
            for name in (
                "feature",
                "bin_index",
                "lower",
                "upper",
                "woe",
                "points",
                "categories",
            )
        )
        for row in document["points"]
    ]
    assert sorted(written, key=lambda row: row[:2]) == points
    (factor, offset) = query(
        settings.warehouse,
        "select score_factor, score_offset from model.scorecard",
    )[0]
    assert document["model"]["score_factor"] == factor
    assert document["model"]["score_offset"] == offset
    assert [row["name"] for row in document["features"]] == FEATURES
    assert [row["name"] for row in document["features"] if row["in_card"]] == [
        name for name in FEATURES if name in CARD
    ]
    assert [row["grade"] for row in document["rating_scale"]] == ["A", "B", "C", "D"]
    assert document["policy_reasons"][0]["status"] == "no_recent_transactions"


def test_manifest_describes_the_files(settings: ReleaseSettings) -> None:
    publication = publish(settings)
    manifest = json.loads((publication.folder / "manifest.json").read_bytes())
    assert manifest == publication.manifest
    assert manifest["release_id"] == publication.folder.name
    assert manifest["release_id"].startswith(f"20190214-{MODEL_VERSION}-")
    assert current_release_id(settings.releases_dir) == manifest["release_id"]
    assert set(manifest["files"]) == {"customers.duckdb", "scorecard.json"}
    for name, entry in manifest["files"].items():
        content = (publication.folder / name).read_bytes()
        assert entry == {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
    expected = {
        "format": 2,
        "registered_version": "3",
        "alias": "champion",
        "promotion": {
            "rule": "bootstrap",
            "approver": None,
            "reason": "first model",
            "promoted_at": "2019-02-15T12:31:00",
        },
        "model_version": MODEL_VERSION,
        "snapshot_date": "2019-02-14",
        "data": "simulated",
        "label_source": "proxy",
        "parameters_hash": PARAMETERS_HASH,
        "customers": 303,
        "scored": 300,
        "not_scored": 3,
        "agreement_with_inactivity": 0.99,
    }
    assert {name: manifest[name] for name in expected} == expected
    run = manifest["training_run"]
    assert run["trained_at"] == "2019-02-15T12:30:00"
    assert run["test_snapshot"] == "2019-01-17"


def test_the_same_content_writes_nothing(settings: ReleaseSettings) -> None:
    first = publish(settings)
    before = tree(settings.releases_dir)
    second = publish(settings)
    assert (first.outcome, second.outcome) == ("published", "unchanged")
    assert second.folder == first.folder
    # The build folder came and went, so only the folder's own time may differ.
    assert tree(settings.releases_dir) == before


def test_the_same_content_has_the_same_name_elsewhere(
    settings: ReleaseSettings, tmp_path: Path
) -> None:
    other = ReleaseSettings.from_environment({"DATA_DIR": str(tmp_path / "other")})
    other.data_dir.mkdir()
    other.warehouse.write_bytes(settings.warehouse.read_bytes())
    # Order of rows is not content.
    change(
        other,
        "create or replace table marts.fct_customer_scores as "
        "from marts.fct_customer_scores order by hash(customer_id)",
    )
    assert publish(other).folder.name == publish(settings).folder.name


def test_other_content_is_a_new_release(settings: ReleaseSettings) -> None:
    first = publish(settings)
    before = tree(first.folder)
    change(settings, "update raw.files set data_kind = 'raw'")
    second = publish(settings)
    assert second.outcome == "published"
    assert second.folder != first.folder
    assert current_release_id(settings.releases_dir) == second.folder.name
    assert tree(first.folder) == before


@pytest.mark.parametrize(
    "sql",
    [
        "update marts.fct_customer_features set total_value = 7.500000000000001 "
        "where customer_id = 'CustomerId_0'",
        "update marts.fct_customer_features set main_channel = 'channel_9' "
        "where customer_id = 'CustomerId_0' and split = 'score'",
        "update marts.fct_customer_scores set not_scored_reason = 'other' "
        "where status = 'not_scored'",
        "update model.scorecard_points set points = points + 1e-12",
        "update seeds.feature_contract set customer_wording = '' where position = 1",
        "update raw.files set data_kind = 'raw'",
        "update model.training_runs set agreement_with_inactivity = 0.5",
        "update model.model_promotions set approver = 'ann'",
    ],
)
def test_any_difference_in_an_answer_is_another_name(
    settings: ReleaseSettings, sql: str
) -> None:
    change(
        settings,
        "update marts.fct_customer_features set total_value = 7.5 "
        "where customer_id = 'CustomerId_0'",
    )
    names = {release_id(settings)}
    change(settings, sql)
    assert release_id(settings) not in names


def test_earlier_content_becomes_current_again(settings: ReleaseSettings) -> None:
    first = publish(settings)
    before = tree(first.folder)
    change(settings, "update raw.files set data_kind = 'raw'")
    publish(settings)
    change(settings, "update raw.files set data_kind = 'simulated'")
    again = publish(settings)
    assert (again.outcome, again.folder) == ("activated", first.folder)
    assert current_release_id(settings.releases_dir) == first.folder.name
    assert tree(first.folder) == before


def test_an_alias_other_than_champion_needs_no_promotion(
    settings: ReleaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = RegisteredModel("credit_scoring_model", "candidate", "4", MODEL_VERSION)
    monkeypatch.setattr(publish_module, "resolve_alias", lambda *_: candidate)
    change(settings, "update model.model_promotions set model_version = 'champion'")
    change(settings, "update marts.fct_customer_scores set model_version = 'champion'")
    manifest = publish(settings).manifest
    assert manifest["registered_version"] == "4"
    assert (manifest["alias"], manifest["promotion"]) == ("candidate", None)


def test_a_card_that_is_promoted_later_is_another_release(
    settings: ReleaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(settings, "update model.model_promotions set model_version = 'older'")
    candidate = RegisteredModel("credit_scoring_model", "candidate", "3", MODEL_VERSION)
    with monkeypatch.context() as patched:
        patched.setattr(publish_module, "resolve_alias", lambda *_: candidate)
        before = publish(settings)
    change(
        settings,
        "update model.model_promotions set model_version = "
        "(select model_version from model.scorecard)",
    )
    after = publish(settings)
    assert after.outcome == "published"
    assert after.folder != before.folder
    assert after.manifest["promotion"]["rule"] == "bootstrap"


def test_no_release_is_removed_unless_it_is_asked_for(
    settings: ReleaseSettings,
) -> None:
    for _ in range(25):
        change(settings, "update model.scorecard_points set woe = woe + 1")
        assert publish(settings).removed == []
    kept = replace(settings, releases_kept=2)
    assert len(publish(kept).removed) == 23
