"""The environment of a run, and what is wrong with it."""

import json
import re
from pathlib import Path

import pytest

from pipeline.dbt_vars import RULES, declared_vars, read_vars
from pipeline.errors import PipelineError
from pipeline.settings import ROOT, settings_from


def test_relative_paths_start_at_the_callers_folder(tmp_path: Path) -> None:
    settings = settings_from(
        {"DATA_DIR": "my data", "TRANSACTIONS_PATH": "in/*.csv"}, tmp_path
    )
    assert settings.data_dir == tmp_path / "my data"
    assert settings.data_dir.is_dir()
    assert settings.transactions_path == f"{tmp_path}/in/*.csv"


def test_absolute_paths_stay(tmp_path: Path) -> None:
    settings = settings_from({"DATA_DIR": f"{tmp_path}/d"}, Path("/nowhere"))
    assert settings.data_dir == tmp_path / "d"


def test_an_empty_transactions_path_is_unset_for_children_too(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path), "TRANSACTIONS_PATH": ""}
    settings = settings_from(environ, tmp_path)
    assert settings.transactions_path is None
    assert "TRANSACTIONS_PATH" not in settings.environment(environ)


def test_children_see_absolute_paths(tmp_path: Path) -> None:
    environ = {"DATA_DIR": "d", "TRANSACTIONS_PATH": "a.csv", "OTHER": "kept"}
    environment = settings_from(environ, tmp_path).environment(environ)
    assert environment["DATA_DIR"] == f"{tmp_path}/d"
    assert environment["TRANSACTIONS_PATH"] == f"{tmp_path}/a.csv"
    assert environment["DBT_LOG_PATH"] == f"{tmp_path}/d/logs"
    assert environment["DBT_PROJECT_DIR"] == str(ROOT / "dbt_project")
    assert environment["DBT_PROFILES_DIR"] == str(ROOT)
    assert environment["OTHER"] == "kept"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("{observation_days: 90, seed: 7}", {"observation_days": 90, "seed": 7}),
        ('{"label_source": "observed"}', {"label_source": "observed"}),
        ("observation_days: 90", {"observation_days": 90}),
    ],
)
def test_vars_are_yaml_or_json(
    text: str, values: dict[str, object], tmp_path: Path
) -> None:
    settings = settings_from({"DATA_DIR": str(tmp_path), "VARS": text}, tmp_path)
    assert settings.dbt_vars == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{observation_days: 90", "is not valid YAML"),
        ("ninety", "names no values"),
        ("[1, 2]", "names no values"),
        ("{observaton_days: 90}", "unknown name 'observaton_days'"),
        ("{observation_days:90}", "unknown name 'observation_days:90'"),
    ],
)
def test_other_vars_are_told_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=said) as raised:
        settings_from({"DATA_DIR": str(tmp_path), "VARS": text}, tmp_path)
    message = str(raised.value)
    assert "\n" not in message
    assert "VARS='{observation_days: 90, outcome_days: 90}'" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{snapshot_interval_days: 0}", "0; allowed is a whole number from 1 to 3650"),
        ("{observation_days: abc}", '"abc"; allowed is a whole number'),
        ("{observation_days: -5}", "-5; allowed is"),
        ("{observation_days: 28.5}", "28.5; allowed is"),
        ("{observation_days: true}", "true; allowed is"),
        ("{outcome_days: }", "null; allowed is"),
        ("{volume_warn_low_share: 1.5}", "1.5; allowed is a number from 0.0 to 1.0"),
        (
            "{central_tendency: 0}",
            "0; allowed is a number from 0.0001 to 0.9999 or null",
        ),
        ("{type_1_error_cost: -1}", "-1; allowed is a number from 0.0 to 1000000.0"),
        ("{type_1_error_cost: }", "null; allowed is a number"),
        ("{label_source: guessed}", '"guessed"; allowed is proxy or observed'),
        ("{weekend_start_weekday: 8}", "8; allowed is a whole number from 1 to 7"),
        ("{earliest_date: 2000-13-01}", "is not valid YAML (month must be in 1..12)"),
        ("{allowed_values: {}}", "unknown name 'allowed_values'"),
    ],
)
def test_a_value_out_of_range_starts_nothing(
    text: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(PipelineError, match=re.escape(said)) as raised:
        settings_from({"DATA_DIR": str(tmp_path), "VARS": text}, tmp_path)
    assert "\n" not in str(raised.value)


def test_every_var_has_a_rule_and_its_default_keeps_it() -> None:
    declared = declared_vars(ROOT / "dbt_project")
    rules = declared.pop(RULES)
    # What these may be is no range: macros/check_vars.sql.
    assert set(declared) - set(rules) == {"earliest_date", "data_time_zone"}
    text = json.dumps({name: declared[name] for name in rules})
    assert read_vars(text, ROOT / "dbt_project") == json.loads(text)


def test_a_missing_dbt_project_is_told(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path), "DBT_PROJECT_DIR": "elsewhere"}
    with pytest.raises(PipelineError, match=f"no dbt project in {tmp_path}/elsewhere"):
        settings_from(environ, tmp_path)


def test_a_data_dir_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(PipelineError, match=r"DATA_DIR=.*/taken cannot be used"):
        settings_from({"DATA_DIR": "taken"}, tmp_path)
