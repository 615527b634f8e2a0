"""What is read, which rows are whose, and what is refused in one line."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.unit.training.stored import alter
from training.cli import main
from training.errors import TooLittleDataError, TrainingError
from training.examples import INACTIVITY_TARGET, OBSERVED_TARGET, PROXY_TARGET
from training.metrics import ErrorCosts
from training.runner import read_start
from training.settings import Settings
from training.splits import FOLD_0, TEST, TEST_UNSEEN, TRAIN, make_splits

MakeSettings = Callable[..., Settings]


def test_splits_keep_test_and_fold_0_out_of_training(
    examples_frame: pd.DataFrame,
) -> None:
    splits = make_splits(examples_frame)
    train = examples_frame.iloc[splits.rows[TRAIN]]
    assert set(train["split"]) == {"train"}
    assert set(train["customer_fold"]) == {1, 2, 3, 4}
    assert splits.folds.tolist() == train["customer_fold"].tolist()
    fold_0 = examples_frame.iloc[splits.rows[FOLD_0]]
    assert set(fold_0["customer_fold"]) == {0}
    assert set(fold_0["split"]) == {"train"}
    test = examples_frame.iloc[splits.rows[TEST]]
    assert len(test) == (examples_frame["split"] == "test").sum()
    unseen = set(examples_frame.iloc[splits.rows[TEST_UNSEEN]]["customer_id"])
    known = set(examples_frame[examples_frame["split"] == "train"]["customer_id"])
    assert unseen == set(test["customer_id"]) - known
    assert unseen


def test_rows_come_in_order_and_missing_values_stay_missing(
    make_settings: MakeSettings, examples_frame: pd.DataFrame
) -> None:
    frame = examples_frame.sample(frac=1, random_state=1)
    frame.loc[frame["transaction_count"] == 1, "main_channel"] = None
    examples = read_start(make_settings(frame)).examples
    keys = examples.frame[["snapshot_date", "customer_id"]]
    assert keys.equals(keys.sort_values(["snapshot_date", "customer_id"]))
    missing = examples.frame["main_channel"].to_numpy() == None  # noqa: E711 # elementwise
    assert missing.sum() == (frame["transaction_count"] == 1).sum()
    assert (
        np.isnan(examples.frame["std_value"]).sum() == frame["std_value"].isna().sum()
    )
    assert examples.frame["recency_days"].dtype == float


def test_the_dbt_run_is_the_one_that_built_the_mart(
    make_settings: MakeSettings,
) -> None:
    settings = make_settings()
    assert read_start(settings).examples.dbt_invocation_id is None
    alter(settings, "comment on table fct_training_examples is 'dbt 0f1e'")
    assert read_start(settings).examples.dbt_invocation_id == "0f1e"
    alter(settings, "comment on table fct_training_examples is 'mine'")
    assert read_start(settings).examples.dbt_invocation_id is None


def test_the_target_is_named_for_what_it_is(make_settings: MakeSettings) -> None:
    settings = make_settings()
    assert read_start(settings).examples.target_name == PROXY_TARGET
    alter(
        settings,
        "create table marts.fct_label_audit as select 'train' as split,"
        " 100 as row_count, 0.99 as agreement_with_inactivity",
    )
    assert read_start(settings).examples.target_name == INACTIVITY_TARGET
    assert read_start(settings).examples.agreement_with_inactivity == 0.99
    alter(settings, "update marts.dim_parameters set label_source = 'observed'")
    examples = read_start(settings).examples
    assert (examples.label_source, examples.target_name) == (
        "observed",
        OBSERVED_TARGET,
    )
    assert examples.agreement_with_inactivity is None


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "alter table fct_training_examples drop column net_amount",
            "net_amount is absent",
        ),
        (
            "alter table fct_training_examples alter recency_days type integer",
            "recency_days is INTEGER, not DOUBLE",
        ),
        (
            "update fct_training_examples set is_high_risk = null",
            "is_high_risk has nulls",
        ),
        (
            "update fct_training_examples set value_7d = 'inf'::double",
            "value_7d has an infinite",
        ),
        (
            "update fct_training_examples set parameters_hash = 'other'"
            " where split = 'test'",
            "mixes the parameters abc123, other",
        ),
        (
            "update marts.dim_parameters set parameters_hash = 'newer'",
            "is of parameters abc123, marts.dim_parameters of newer: run dbt build",
        ),
        (
            "update fct_training_examples set is_high_risk = true",
            "one class only",
        ),
        ("drop table fct_training_examples", "run dbt build"),
        ("drop table seeds.rating_scale", "run dbt build"),
        ("update seeds.rating_scale set target_share = 0.5", "sum to 1"),
        (
            "update seeds.rating_scale set action = 'decline' where grade = 'G'",
            "declines grade G by itself, but the label is a behavioural proxy",
        ),
        (
            "update marts.dim_parameters set central_tendency = 0.02",
            "var central_tendency is 0.02, but the label is a behavioural proxy",
        ),
        (
            "alter table marts.dim_parameters drop column type_1_error_cost",
            "type_1_error_cost is absent: rebuild it with dbt build",
        ),
        (
            "update seeds.feature_contract set monotonic_direction = 'up'"
            " where position = 3",
            "total_value has kind 'numeric' with direction 'up'",
        ),
    ],
)
def test_bad_input_is_told_in_one_line(
    make_settings: MakeSettings, statement: str, message: str
) -> None:
    settings = make_settings()
    alter(settings, statement)
    with pytest.raises(TrainingError, match=re.escape(message)) as caught:
        read_start(settings)
    assert "\n" not in str(caught.value)


def test_observed_defaults_allow_both_and_costs_are_the_builds(
    make_settings: MakeSettings,
) -> None:
    settings = make_settings()
    before = read_start(settings)
    alter(
        settings,
        "update seeds.rating_scale set action = 'decline' where grade = 'G'",
        "update marts.dim_parameters set label_source = 'observed',"
        " central_tendency = 0.02, type_1_error_cost = 8, type_2_error_cost = 0.5",
    )
    start = read_start(settings)
    assert start.examples.central_tendency == 0.02
    assert start.examples.costs == ErrorCosts(type_1=8.0, type_2=0.5)
    assert start.examples.grades[-1].action == "decline"
    assert start.fingerprint != before.fingerprint


def test_too_few_rows_are_told(make_settings: MakeSettings) -> None:
    settings = make_settings()
    alter(settings, "delete from fct_training_examples where customer_id > 'C2'")
    with pytest.raises(TooLittleDataError, match="200 are needed"):
        read_start(settings)


def test_too_few_days_name_the_days_needed(make_settings: MakeSettings) -> None:
    settings = make_settings()
    alter(
        settings,
        "delete from fct_training_examples",
        "update marts.dim_parameters set days_covered = 47",
    )
    with pytest.raises(
        TooLittleDataError, match=r"needs 84 days .* covers 47: 37 are missing"
    ):
        read_start(settings)


def test_enough_days_but_no_customers_is_told(make_settings: MakeSettings) -> None:
    settings = make_settings()
    alter(settings, "delete from fct_training_examples")
    with pytest.raises(TooLittleDataError, match="supply more customers"):
        read_start(settings)


def test_no_accepted_transaction_is_told(make_settings: MakeSettings) -> None:
    settings = make_settings()
    alter(settings, "delete from marts.dim_parameters")
    with pytest.raises(TooLittleDataError, match="no transaction was accepted"):
        read_start(settings)


def test_the_seed_is_the_builds_unless_one_is_given(
    make_settings: MakeSettings,
) -> None:
    settings = make_settings()
    alter(settings, "update marts.dim_parameters set seed = 7")
    assert read_start(settings).settings.seed == 7
    given = replace(settings, seed=42, is_seed_given=True)
    assert read_start(given).settings.seed == 42


def test_the_command_line_answers_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert main([]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    expected = f"training: {tmp_path}/warehouse.duckdb: no such warehouse"
    assert told.err.startswith(expected)
    assert told.err.count("\n") == 1


def test_a_warehouse_held_by_another_program_is_told(
    make_settings: MakeSettings,
) -> None:
    settings = make_settings()
    holder = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]);"
        " print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(TrainingError, match="close the program") as caught:
            read_start(settings)
        process.stdin.close()
    assert "\n" not in str(caught.value)
