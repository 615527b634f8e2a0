"""Where there is nothing to learn, an honest pipeline finds AUC 0.5.

Every simulated customer is the same and every day independent. The circular design
(label and features from the same window) still reports a nearly perfect model; the
outcome window reports none; and one day of leaked future is enough to be noticed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, Workspace
from training.candidates import BASELINES, CANDIDATES
from training.evaluation import evaluate
from training.examples import Examples, read_examples
from training.fitting import Problem, train_candidates
from training.settings import AUDIT_LABEL, TARGET_LABEL, Settings
from training.splits import TEST, make_splits

CUSTOMERS = 20_000
CHANCE = 0.02
LEAK = ("transactions.transacted_at < snapshots.snapshot_date", " + interval 1 day")


def build_examples(workspace: Workspace, project: Path, file: Path) -> Examples:
    wanted = "+fct_training_examples feature_contract rating_scale dim_parameters"
    only = ("--resource-type", "model", "--resource-type", "seed")
    extra = {"TRANSACTIONS_PATH": str(file), "DBT_PROJECT_DIR": str(project)}
    workspace.dbt("build", "--select", wanted, *only, extra=extra)
    path = str(workspace.data_dir / "warehouse.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        return read_examples(connection)


def out_of_time_auc(examples: Examples, label: str) -> dict[str, float]:
    settings = Settings.from_environment({})
    splits = make_splits(
        examples.frame, label=label, minimum_rows=settings.minimum_rows
    )
    target = examples.frame[label].to_numpy(dtype=bool)
    problem = Problem(
        examples=examples, target=target, splits=splits, settings=settings
    )
    frozen = {candidate.name: candidate for candidate in train_candidates(problem)}
    auc = {}
    for name, by_split in evaluate(problem, frozen).metrics.items():
        assert by_split[TEST].roc_auc is not None
        auc[name] = by_split[TEST].roc_auc
    assert set(auc) == {*CANDIDATES, *BASELINES}
    return auc


def beyond_chance(auc: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in auc.items() if abs(value - 0.5) > CHANCE}


@pytest.fixture(scope="module")
def no_signal_file(make_workspace: Callable[[str], Workspace]) -> Path:
    workspace = make_workspace("no_signal_file")
    file = workspace.data_dir / "transactions.parquet"
    size = ("--customers", str(CUSTOMERS), "--signal", "0", "--out", str(file))
    workspace.python("-m", "simulator", *size)
    return file


@pytest.fixture(scope="module")
def no_signal(
    make_workspace: Callable[[str], Workspace], no_signal_file: Path
) -> Examples:
    workspace = make_workspace("no_signal_run")
    return build_examples(workspace, ROOT / "dbt_project", no_signal_file)


def test_outcome_window_finds_nothing_to_learn(no_signal: Examples) -> None:
    auc = out_of_time_auc(no_signal, TARGET_LABEL)
    assert beyond_chance(auc) == {}, auc


def test_same_window_label_reports_what_is_not_there(no_signal: Examples) -> None:
    """The usual design on the same customers: nearly perfect, and worthless."""
    auc = out_of_time_auc(no_signal, AUDIT_LABEL)
    assert min(auc[name] for name in CANDIDATES) > 0.9, auc


def test_one_leaked_day_is_noticed(
    make_workspace: Callable[[str], Workspace], no_signal_file: Path, tmp_path: Path
) -> None:
    """Break the code: features that see one day of the outcome window."""
    project = tmp_path / "dbt_project"
    shutil.copytree(ROOT / "dbt_project", project)
    model = project / "models" / "intermediate" / "int_transactions__observed.sql"
    honest = model.read_text()
    assert LEAK[0] in honest
    model.write_text(honest.replace(LEAK[0], "".join(LEAK)))
    workspace = make_workspace("one_day_leak")
    auc = out_of_time_auc(
        build_examples(workspace, project, no_signal_file), TARGET_LABEL
    )
    assert beyond_chance(auc) != {}, auc
