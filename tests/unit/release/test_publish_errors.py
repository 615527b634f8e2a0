"""What contradicts or is missing is one line, and changes no release."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from release import layout
from release import publish as publish_module
from release.errors import ReleaseError
from release.publish import publish
from release.settings import ReleaseSettings
from tests.unit.release.example_warehouse import MODEL_VERSION, promote


def visible(releases_dir: Path) -> list[str]:
    """Everything in the folder of releases but the lock."""
    if not releases_dir.exists():
        return []
    return sorted(path.name for path in releases_dir.iterdir() if path.name != ".lock")


CONTRADICTIONS = {
    "delete from marts.fct_customer_scores": "fct_customer_scores is empty",
    "update marts.fct_customer_scores set snapshot_date = '2019-02-07' "
    "where status = 'not_scored'": "two snapshots, 2019-02-07 and 2019-02-14",
    "drop table seeds.policy_reasons": "has no table seeds.policy_reasons",
    "update marts.fct_customer_features set snapshot_date = '2019-02-21' "
    "where split = 'score'": (
        "scores is of 2019-02-14, marts.fct_customer_features of 2019-02-21; "
        "run dbt build --select tag:scoring"
    ),
    "delete from marts.fct_customer_features where split = 'score'": (
        "marts.fct_customer_features of no score snapshot"
    ),
    "insert into marts.fct_customer_features select * replace ('new' as customer_id) "
    "from marts.fct_customer_features where customer_id = 'CustomerId_3'": (
        "1 with a row have no score; run dbt build --select tag:scoring"
    ),
    "update marts.fct_customer_features set parameters_hash = 'other'": (
        "built with parameters other, the scorecard with feedc0ffee00"
    ),
    "update marts.fct_customer_scores set parameters_hash = 'other'": (
        "fct_customer_scores was built with parameters other"
    ),
    "update marts.fct_customer_scores set model_version = 'older'": (
        f"is of model older, the champion is {MODEL_VERSION}"
    ),
    "delete from model.scorecard": (
        f"model.scorecard has no model_version {MODEL_VERSION}"
    ),
    "delete from model.training_runs": "model.training_runs has no run",
    "delete from model.model_promotions": "the newest promotion in "
    "model.model_promotions is missing",
    "update marts.fct_customer_features set min_value = 'nan' "
    "where customer_id = 'CustomerId_3'": "1 have a feature that is not finite",
    "update marts.fct_customer_features set min_value = '-inf' "
    "where customer_id = 'CustomerId_3'": "1 have a feature that is not finite",
    "delete from marts.fct_customer_features where customer_id = 'CustomerId_3'": (
        "1 have no row in marts.fct_customer_features"
    ),
    "insert into marts.fct_customer_scores from marts.fct_customer_scores "
    "where customer_id = 'it''s'": "two rows of one customer",
    "update model.scorecard_points set points = 'nan'": "not finite",
    "update raw.files set data_kind = 'raw'; "
    "update model.training_runs set data_kind = 'simulated'": (
        f"model {MODEL_VERSION} was trained on simulated data, the customers are real"
    ),
}


@pytest.mark.parametrize(("sql", "message"), CONTRADICTIONS.items())
def test_a_contradiction_is_one_line(
    settings: ReleaseSettings, sql: str, message: str
) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(sql)
    with pytest.raises(ReleaseError, match=message) as raised:
        publish(settings)
    assert "\n" not in str(raised.value)
    assert visible(settings.releases_dir) == []


def test_alias_and_promotion_are_both_named(settings: ReleaseSettings) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        promote(connection, "a_newer_one", datetime(2019, 3, 1))
    with pytest.raises(ReleaseError, match=f"{MODEL_VERSION}.*a_newer_one"):
        publish(settings)


def test_of_promotions_at_one_time_the_last_row_counts(
    settings: ReleaseSettings,
) -> None:
    at = datetime(2019, 3, 1)
    with duckdb.connect(str(settings.warehouse)) as connection:
        promote(connection, "a_newer_one", at)
        promote(connection, MODEL_VERSION, at)
    assert publish(settings).outcome == "published"


def test_no_warehouse(settings: ReleaseSettings) -> None:
    settings.warehouse.unlink()
    with pytest.raises(ReleaseError, match="run dbt build first"):
        publish(settings)
    assert visible(settings.releases_dir) == []


def test_a_warehouse_that_is_no_database(settings: ReleaseSettings) -> None:
    settings.warehouse.write_bytes(b"not a database" * 1000)
    with pytest.raises(ReleaseError, match=r"cannot read .*warehouse\.duckdb"):
        publish(settings)


def test_two_publishers_at_once(settings: ReleaseSettings) -> None:
    with (
        layout.sole_publisher(settings.releases_dir),
        pytest.raises(ReleaseError, match="another run is publishing"),
    ):
        publish(settings)


def test_a_damaged_current_release_is_not_called_unchanged(
    settings: ReleaseSettings,
) -> None:
    folder = publish(settings).folder
    (folder / "scorecard.json").write_bytes(b"{}")
    with pytest.raises(ReleaseError, match=r"damaged: scorecard\.json"):
        publish(settings)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["write_customers", "canonical_json"])
def test_an_interruption_while_writing_leaves_no_release(
    settings: ReleaseSettings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(publish_module, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish(settings)
    assert visible(settings.releases_dir) == []
    assert publish(settings).outcome == "published"


def test_an_interruption_before_the_pointer_moves(
    settings: ReleaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(layout, "point_to", interrupt)
        with pytest.raises(KeyboardInterrupt):
            publish(settings)
    assert layout.current_release_id(settings.releases_dir) is None
    assert publish(settings).outcome == "activated"


@pytest.mark.parametrize(
    "leave",
    [
        lambda folder: (folder / ".building-x" / "release").mkdir(parents=True),
        lambda folder: (folder / ".building-CURRENT").write_text("half"),
    ],
)
def test_leftovers_of_a_killed_run_are_removed(
    settings: ReleaseSettings, leave: Callable[[Path], object]
) -> None:
    settings.releases_dir.mkdir()
    leave(settings.releases_dir)
    folder = publish(settings).folder
    assert visible(settings.releases_dir) == sorted(["CURRENT", folder.name])
