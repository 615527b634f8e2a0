"""A hand-made warehouse and stand-ins for the steps of a run."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import Settings, settings_from
from pipeline.steps import Commands
from tests.unit.model_schema import model_ddl

STEPS = ("dbt", "simulator", "training", "release")

# What dbt would have built, cut down to the columns that the summary reads.
MARTS = """
create schema raw;
create schema marts;
create table raw.files (source_file varchar, data_kind varchar);
insert into raw.files values ('transactions.parquet', 'simulated');
create table raw.transactions (TransactionId varchar, CustomerId varchar);
insert into raw.transactions values
    ('t1', 'ann'), ('t2', 'ann'), ('t3', 'ben'), ('t4', 'cid'), ('t5', 'dan');
create table raw.rejected_rows (source_file varchar, rejection_reason varchar);
insert into raw.rejected_rows values
    ('f', 'time_unreadable'), ('f', 'customer_missing'), ('f', 'time_unreadable');
create table marts.dim_parameters as
    select 84 as days_needed, 7 as snapshot_interval_days;
create table marts.dim_snapshots (snapshot_date date, split varchar);
insert into marts.dim_snapshots values
    ('2019-02-14', 'score'), ('2018-12-20', 'train'),
    ('2019-01-17', 'test'), ('2019-01-10', 'embargo');
create table marts.fct_customer_features (customer_id varchar, snapshot_date date);
insert into marts.fct_customer_features values
    ('ann', '2018-12-20'), ('ben', '2018-12-20'), ('ann', '2019-01-17'),
    ('ann', '2019-02-14'), ('ben', '2019-02-14'), ('cid', '2019-02-14');
create table marts.fct_training_examples (split varchar, is_high_risk boolean);
insert into marts.fct_training_examples values
    ('train', true), ('train', false), ('train', false), ('train', false),
    ('embargo', true), ('test', true), ('test', false);
create table marts.fct_label_audit (
    split varchar, agreement_with_inactivity double
);
insert into marts.fct_label_audit values
    ('train', 1.0), ('test', 0.975), ('embargo', 0.95);
create table marts.fct_customer_scores (
    customer_id varchar, status varchar, not_scored_reason varchar, grade varchar
);
insert into marts.fct_customer_scores values
    ('ann', 'scored', null, 'A'), ('ben', 'scored', null, 'C'),
    ('cid', 'scored', null, 'A'), ('dan', 'not_scored', 'no_recent_transactions', null);
"""

# Two promotions: the older card was trained twice, and is champion no more.
MODEL = """
insert into model.model_promotions by name
select * from (values
    ('old', timestamp '2026-01-01', 'bootstrap', 'first', '{}'),
    ('card', timestamp '2026-01-02', 'approved', 'better', '{}')
) as rows (model_version, promoted_at, "rule", reason, gate_results);
insert into model.training_runs by name
select
    *, 'd' as dataset_fingerprint, 'p' as parameters_hash, 'c' as code_fingerprint,
    'ann' as trained_by, '{}' as inputs, '{}' as parameters,
    42 as seed, 'r' as mlflow_run_id, 'm' as registered_name,
    '1' as registered_version, date '2018-12-13' as first_train_snapshot,
    date '2018-12-20' as last_train_snapshot, 'recency_days' as best_column,
    0.01 as auc_gain, 0.002 as auc_gain_lower, 0.018 as auc_gain_upper
from (values
    ('f_old', 'old', timestamp '2026-01-03', date '2019-01-24'),
    ('f_first', 'card', timestamp '2026-01-01', date '2019-01-10'),
    ('f_last', 'card', timestamp '2026-01-02', date '2019-01-17')
) as rows (training_fingerprint, model_version, trained_at, test_snapshot);
insert into model.candidate_metrics by name
select * from (values
    ('f_old', 'scorecard', 'scorecard', 'test', 2, 0.5, 0.11, 0.1, 0.2, 1),
    ('f_first', 'scorecard', 'scorecard', 'test', 2, 0.5, 0.22, 0.1, 0.2, 2),
    ('f_last', 'scorecard', 'scorecard', 'test', 2, 0.5, 0.80, 0.78, 0.82, 3),
    ('f_last', 'scorecard', 'scorecard', 'test_unseen', 1, 0.25, 0.75, 0.7, 0.8, 4),
    ('f_last', 'xgboost', 'challenger', 'test', 2, 0.5, 0.83, 0.8, 0.86, 5),
    ('f_last', 'forest', 'circular', 'random_rows', 2, 0.5, 0.99, null, null, null),
    ('f_last', 'recency_days', 'baseline', 'test', 2, 0.5, 0.79, 0.7, 0.8, null),
    ('f_last', 'transaction_count', 'baseline', 'test', 2, 0.5, 0.7, 0.6, 0.8, null)
) as rows (
    training_fingerprint, candidate, candidate_kind, split, row_count, event_rate,
    roc_auc, roc_auc_lower, roc_auc_upper, true_positives
);
insert into model.rating_scale by name
select 'card' as model_version, *, 0.3 as target_share
from (values
    (1, 'A', 'approve', 640.0, null), (2, 'B', 'approve', 600.0, 640.0),
    (3, 'C', 'refer', null, 600.0)
) as rows (position, grade, action, lower, upper);
insert into model.scorecard by name
select
    'card' as model_version, 'expected inactivity' as target_name,
    'proxy' as label_source,
    'p' as parameters_hash, 20 as points_to_double_odds, 600 as reference_score,
    50 as reference_odds, 28.9 as score_factor, 487.1 as score_offset,
    0 as intercept, 0 as calibration_intercept, 1 as calibration_slope,
    600 as cutoff_score, 300 as score_shown_min, 850 as score_shown_max,
    4 as reasons_at_most;
"""


def fill(path: Path) -> None:
    """Write the hand-made warehouse to `path`."""
    with duckdb.connect(str(path)) as connection:
        for script in (MARTS, model_ddl(), MODEL):
            connection.execute(script)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_from({"DATA_DIR": "my data"}, tmp_path)


@pytest.fixture
def warehouse(settings: Settings) -> Path:
    fill(settings.warehouse)
    write_release(settings)
    return settings.warehouse


def write_release(
    settings: Settings, *, model_version: str = "card", promoted: bool = True
) -> None:
    """Leave of a release what the summary reads."""
    folder = settings.releases / "20190214-card-0123abcd"
    folder.mkdir(parents=True, exist_ok=True)
    manifest = {
        "alias": "champion" if promoted else "trial",
        "model_version": model_version,
        "promotion": {"rule": "approved"} if promoted else None,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (settings.releases / "CURRENT").write_text(f"{folder.name}\n")


@pytest.fixture
def stand_ins(tmp_path: Path) -> Callable[..., Commands]:
    """Commands whose steps are Python snippets; each notes that it ran.

    The notes are lines of ``calls.txt``: the step and its arguments.
    """

    def write(**snippets: str) -> Commands:
        commands = {}
        for step in STEPS:
            script = tmp_path / f"{step}.py"
            script.write_text(
                "import os, pathlib, signal, sys, time\n"
                f"with open({str(tmp_path / 'calls.txt')!r}, 'a') as calls:\n"
                f"    print({step!r}, *sys.argv[1:], file=calls)\n"
                + snippets.get(step, "")
            )
            commands[step] = (sys.executable, str(script))
        return Commands(**commands)

    return write


@pytest.fixture
def calls(tmp_path: Path) -> Callable[[], list[str]]:
    """Read what the stand-ins were called with, in order."""

    def read() -> list[str]:
        path = tmp_path / "calls.txt"
        return path.read_text().splitlines() if path.exists() else []

    return read
