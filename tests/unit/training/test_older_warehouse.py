"""A warehouse of an earlier version of this software goes on, its rows kept."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.conftest import ROOT
from tests.unit.model_schema import missing_columns, model_ddl
from tests.unit.training.conftest import FinishedRun
from tests.unit.training.stored import rows
from training.errors import TrainingError
from training.reproduction import reproduce
from training.runner import run
from training.settings import Settings
from training.warehouse import open_warehouse

OLDER = """
    drop table model.feature_selection;
    drop view model.champion;
    alter table model.model_promotions drop column gate_results;
    alter table model.training_runs drop column built_from;
    alter table model.training_runs drop column parameters;
    create view model.champion as select * from model.model_promotions;
"""


@pytest.fixture
def older(
    finished: FinishedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A copy of a finished run without what came later; the next run trains again."""
    shutil.copytree(finished.settings.data_dir, tmp_path, dirs_exist_ok=True)
    uri = f"sqlite:///{tmp_path}/mlflow/mlflow.db"
    settings = replace(finished.settings, data_dir=tmp_path, tracking_uri=uri)
    execute(settings, OLDER)
    monkeypatch.setattr("training.fingerprints.code_fingerprint", lambda: "newer")
    return settings


def execute(settings: Settings, statements: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(statements)


def test_dbt_adds_the_columns_before_it_creates_the_tables() -> None:
    project = yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text())
    assert project["on-run-start"][-2:] == [
        "{{ add_missing_columns(create_model_tables()) }}",
        "{{ create_model_tables() }}",
    ]


@pytest.mark.usefixtures("ready")
def test_training_goes_on_in_an_older_warehouse(older: Settings) -> None:
    with pytest.raises(TrainingError, match="run dbt build first"):
        run(older)
    execute(older, missing_columns() + model_ddl())
    run(older)
    before, after = rows(older, "training_runs")
    assert before["built_from"] is before["parameters"] is None
    assert after["built_from"]
    # The card is the same, so it is there once; why, it did not say before.
    assert len(rows(older, "scorecard")) == 1
    assert len(rows(older, "feature_selection")) == 26
    (promotion,) = rows(older, "champion")
    assert promotion["gate_results"] is None


def test_a_column_that_an_older_warehouse_lacks_is_one_line(older: Settings) -> None:
    with (
        pytest.raises(TrainingError, match=r'"built_from" not found.*; run dbt build'),
        open_warehouse(older.warehouse, read_only=True) as connection,
    ):
        connection.execute("select built_from from model.training_runs")


def test_a_new_warehouse_and_a_complete_one_are_left_alone(older: Settings) -> None:
    execute(older, missing_columns() + model_ddl())
    with duckdb.connect(str(older.warehouse)) as connection:
        described = "from information_schema.columns where table_schema = 'model'"
        before = connection.execute(described).fetchall()
        connection.execute(missing_columns() + model_ddl())
        assert connection.execute(described).fetchall() == before
    with duckdb.connect() as empty:
        empty.execute(missing_columns() + model_ddl())
        assert empty.execute("from model.champion").fetchall() == []


def test_a_version_of_before_is_not_reproduced(older: Settings) -> None:
    execute(older, missing_columns() + model_ddl())
    version = str(rows(older, "scorecard")[0]["model_version"])
    with pytest.raises(TrainingError, match="trained by an earlier version"):
        reproduce(older, model_version=version)


@pytest.mark.usefixtures("ready")
def test_a_column_of_a_newer_version_stops_the_run(older: Settings) -> None:
    execute(older, missing_columns() + model_ddl())
    execute(older, "alter table model.training_runs add column later varchar")
    with pytest.raises(TrainingError, match="has column later, which this version"):
        run(older)
