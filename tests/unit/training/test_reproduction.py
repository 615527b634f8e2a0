"""A version is built again, or what keeps it from being so is named."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.training.conftest import FinishedRun
from tests.unit.training.stored import exported, rows
from training import fingerprints, reproduction
from training.errors import RefusedError, TrainingError
from training.fitting import Problem
from training.model_tables import ModelTables
from training.reproduction import input_differences, reproduce, table_differences
from training.settings import Settings

INPUTS: dict[str, Any] = {
    "dataset": {"rows": {"2019-01-17 test": 3}, "columns": {"a": "1", "b": "1"}},
    "code": "c",
    "libraries": {"numpy": "2.4"},
    "policy": {"minimum_bin_share": 0.05},
    "rating_scale": [{"grade": "A", "target_share": 0.1}],
}


@pytest.fixture
def copied(finished: FinishedRun, tmp_path: Path) -> Settings:
    """A copy: other tests look at the finished run."""
    warehouse = finished.settings.warehouse
    shutil.copy(warehouse, tmp_path)
    return replace(finished.settings, data_dir=tmp_path)


def version_of(settings: Settings) -> str:
    return str(rows(settings, "scorecard")[0]["model_version"])


def stored_model(settings: Settings) -> ModelTables:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return reproduction.read_model(connection, version_of(settings))


def execute(settings: Settings, statement: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(statement)


def test_a_version_is_built_again_and_other_test_rows_are_named(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, before = version_of(copied), exported(copied)
    execute(
        copied,
        "update marts.fct_training_examples set value_7d = value_7d + 1"
        " where split = 'test'",
    )
    monkeypatch.setattr(
        fingerprints, "version", lambda name: "0.1" if name == "numpy" else "unknown"
    )
    lines = reproduce(copied, model_version=version)
    assert lines[0] == "data: other values in value_7d"
    assert any(line.startswith("libraries: numpy 0.1, was ") for line in lines)
    assert lines[-1] == f"identical: built again, it is model {version}"
    assert exported(copied) == before


def test_a_version_that_comes_out_otherwise_is_shown_value_by_value(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def trained(problem: Problem) -> object:
        seen.extend([problem.settings.seed, problem.parameters("scorecard")])
        stored = stored_model(copied)
        scorecard = {**stored.scorecard, "cutoff_score": 1.5}
        return type("Trained", (), {"tables": replace(stored, scorecard=scorecard)})

    version = version_of(copied)
    cutoff = rows(copied, "scorecard")[0]["cutoff_score"]
    monkeypatch.setattr(reproduction, "train_scorecard", trained)
    # Neither the seed of the build nor today's defaults: what was recorded.
    execute(
        copied,
        "update marts.dim_parameters set seed = 7;"
        ' update model.training_runs set parameters = \'{"scorecard": {"C": 8}}\'',
    )
    before = exported(copied)
    with pytest.raises(RefusedError, match="not identical") as told:
        reproduce(copied, model_version=version)
    assert told.value.lines == (f"scorecard: cutoff_score 1.5, stored {cutoff}",)
    assert "data, code, libraries and parameters are the recorded" in str(told.value)
    assert seen == [42, {"C": 8}]
    assert exported(copied) == before


def test_on_other_data_it_is_told_how_to_get_those_of_then(
    copied: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = version_of(copied)
    other = replace(stored_model(copied), features=[])
    trained = type("Trained", (), {"tables": other})
    monkeypatch.setattr(reproduction, "train_scorecard", lambda _: trained)
    execute(
        copied,
        "update marts.fct_training_examples set value_7d = value_7d + 1;"
        " insert into raw.files select * replace ('more.csv' as source_file)"
        " from raw.files",
    )
    with pytest.raises(RefusedError, match="data differ") as told:
        reproduce(copied, model_version=version)
    start = told.value.lines.index(f"to build what model {version} was trained on:")
    recipe = told.value.lines[start:]
    assert any(line.startswith("    as then transactions.csv, ") for line in recipe)
    assert "    new     more.csv" in recipe
    assert any(f"cp {copied.warehouse}" in line for line in recipe)
    assert recipe[-1].endswith(f"reproduce --version {version}")


def test_stored_tables_that_somebody_changed_are_found_out(copied: Settings) -> None:
    version = version_of(copied)
    execute(copied, "update model.scorecard_points set points = points + 1")
    with pytest.raises(TrainingError, match="somebody has changed them"):
        reproduce(copied, model_version=version)


def test_an_unknown_version_is_refused(copied: Settings) -> None:
    with pytest.raises(TrainingError, match="no model_version 'no such'"):
        reproduce(copied, model_version="no such")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({}, []),
        (
            {
                "dataset": {
                    "rows": {"2019-01-17 test": 3},
                    "columns": {"a": "2", "b": "2"},
                }
            },
            ["data: other values in a, b"],
        ),
        (
            # Where rows differ so does every column: that says nothing more.
            {
                "dataset": {
                    "rows": {"2019-01-17 test": 4, "2019-01-24 embargo": 2},
                    "columns": {"a": "2", "b": "2"},
                }
            },
            [
                "data: rows of 2019-01-17 test: 4, was 3",
                "data: rows of 2019-01-24 embargo: 2, was absent",
            ],
        ),
        ({"code": "d"}, ["code: the sources of training are others"]),
        ({"libraries": {"numpy": "2.5"}}, ["libraries: numpy 2.5, was 2.4"]),
        (
            {"policy": {"minimum_bin_share": 0.1}},
            ["parameters: policy.minimum_bin_share 0.1, was 0.05"],
        ),
        (
            {"rating_scale": [{"grade": "A", "target_share": 0.2}]},
            ["parameters: rating_scale.A.target_share 0.2, was 0.1"],
        ),
    ],
)
def test_each_input_that_differs_is_named(
    changed: dict[str, Any], named: list[str]
) -> None:
    found = input_differences(INPUTS, {**INPUTS, **changed})
    assert [str(difference) for difference in found] == named


def test_a_feature_that_left_the_card_is_named(copied: Settings) -> None:
    stored = stored_model(copied).content()
    (first, *others) = stored["scorecard_features"]
    left = {**stored, "scorecard_features": others}
    assert list(table_differences(stored, left)) == [
        f"feature {first['feature']}: gone"
    ]
