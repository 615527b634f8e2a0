"""A search tries what is declared, by customer, and what it finds is what is fitted."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import mlflow
import numpy as np
import pytest

import training.search as module
from training.candidates import CANDIDATES
from training.errors import TrainingError
from training.evaluation import evaluate
from training.fingerprints import training_parts
from training.fitting import (
    Frozen,
    Problem,
    freeze_baseline,
    probability_of_bad,
    train_classifier,
)
from training.model_tables import canonical_hash
from training.preprocessing import WOE
from training.registry import mlflow_session
from training.report import summary_lines
from training.runner import read_start
from training.search import search, try_out
from training.settings import ScorecardPolicy, Settings
from training.spaces import GRID, RANDOM, RANDOM_TRIALS, SPACES, Trial, proposals
from training.splits import TEST, TRAIN, TRAIN_OOF
from training.tracking import log_run

MakeSettings = Callable[..., Settings]
SMALL: Mapping[str, Mapping[str, tuple[object, ...]]] = {
    "logistic_regression": {"C": (0.001, 0.1), "categorical": ("one_hot", "ordinal")},
    "decision_tree": {"max_depth": (1, 3)},
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> Problem:
    """A grid over two quick candidates."""
    quick = {name: CANDIDATES[name] for name in SMALL}
    monkeypatch.setattr(module, "CANDIDATES", quick)
    monkeypatch.setattr(module, "SPACES", SMALL)
    return replace(problem, settings=replace(problem.settings, search=GRID))


def test_spaces_name_parameters_that_candidates_have(problem: Problem) -> None:
    assert set(SPACES) == set(CANDIDATES)
    for name, space in SPACES.items():
        known = set(CANDIDATES[name].defaults)
        if name == "scorecard":
            known = set(vars(ScorecardPolicy()))
        assert set(space) <= known
        # Each value alone is accepted by what is built.
        for parameter, values in space.items():
            assert len(set(values)) == len(values) > 1
            for value in values:
                CANDIDATES[name].estimator(problem.context, **{parameter: value})
    shares = SPACES["scorecard"]["minimum_bin_share"]
    assert min(shares) >= ScorecardPolicy().minimum_bin_share == 0.05


def test_random_trials_are_drawn_from_the_grid_by_the_seed() -> None:
    space = SPACES["xgboost"]
    grid = proposals({}, space, how=GRID, seed=1)
    drawn = proposals({}, space, how=RANDOM, seed=1)
    assert len(grid) == 1 + 2 * 3 * 3 * 3 * 2
    assert len(drawn) == 1 + RANDOM_TRIALS
    assert drawn[0] == grid[0] == {}
    assert all(trial in grid for trial in drawn)
    assert len({tuple(trial.items()) for trial in drawn}) == len(drawn)
    assert drawn == proposals({}, space, how=RANDOM, seed=1)
    assert drawn != proposals({}, space, how=RANDOM, seed=2)
    with pytest.raises(ValueError, match="'all'"):
        proposals({}, space, how="all", seed=1)


def test_the_best_out_of_fold_is_what_is_fitted(
    small: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    counted: list[int] = []
    with caplog.at_level(logging.INFO, logger="training"):
        trials = search(small, lambda n: lambda: counted.append(n), workers=1)
    assert [len(tried) for tried in trials.values()] == [4, 3]
    assert counted == [7] * 7
    tree = trials["decision_tree"]
    assert tree[0].parameters == CANDIDATES["decision_tree"].defaults
    best = max(tree, key=lambda trial: trial.roc_auc or 0)
    searched = replace(small, trials=trials)
    frozen = train_classifier(searched, "decision_tree")
    assert frozen.parameters == best.parameters
    depth = frozen.estimator["classifier"].get_params()["max_depth"]
    assert depth == best.parameters["max_depth"]
    # The trial's figure is the one that the frozen candidate reports.
    again = try_out(small, ("decision_tree", best.parameters))
    assert again == best
    assert "decision_tree: best of 3 out of fold: AUC" in caplog.text
    column = freeze_baseline(small, "recency_days")
    evaluation = evaluate(searched, {"decision_tree": frozen, "recency_days": column})
    reported = evaluation.metrics["decision_tree"][TRAIN_OOF]
    assert (reported.trials, reported.roc_auc) == (3, best.roc_auc)
    assert reported.roc_auc_corrected is not None
    assert 0.5 < reported.roc_auc_corrected <= best.roc_auc
    assert evaluation.metrics["decision_tree"][TEST].trials is None
    assert evaluation.metrics["recency_days"][TRAIN_OOF].trials is None
    # Nothing but train rows was looked at.
    turned = small.target.copy()
    turned[small.splits.rows[TEST]] ^= True
    assert search(replace(small, target=turned), workers=1) == trials


def test_folds_are_customers(small: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    customers = small.examples.frame["customer_id"]
    held: list[set[str]] = []
    original = module.probability_of_bad

    def recorded(estimator: object, frame: object) -> np.ndarray:
        held.append(set(customers[frame.index]))  # type: ignore[attr-defined]
        return original(estimator, frame)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "probability_of_bad", recorded)
    try_out(small, ("decision_tree", CANDIDATES["decision_tree"].defaults))
    assert len(held) == 4
    assert sum(map(len, held)) == len(set().union(*held))
    assert set().union(*held) == set(customers.iloc[small.splits.rows[TRAIN]])


def test_parameters_that_fit_nothing_lose(
    small: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise TrainingError("no feature tells rows apart")

    defaults = CANDIDATES["decision_tree"].defaults
    monkeypatch.setattr(module, "out_of_fold", fail)
    assert try_out(small, ("decision_tree", defaults)) == Trial(defaults, None)
    with pytest.raises(TrainingError, match="could not be fitted with any"):
        search(small, workers=1)


def test_the_search_is_part_of_the_fingerprint(make_settings: MakeSettings) -> None:
    settings = make_settings()
    start = read_start(settings)

    def fingerprint(changed: Settings) -> str:
        return canonical_hash(training_parts(changed, start.examples))

    different = [
        settings,
        replace(settings, search=GRID),
        replace(settings, search=RANDOM),
        replace(settings, split="stratified"),
        replace(settings, seed=7, search=RANDOM),
    ]
    assert len({fingerprint(changed) for changed in different}) == len(different)


def test_trials_are_runs_nested_in_their_candidates(
    problem: Problem, frozen: Mapping[str, Frozen], registry: Path, tmp_path: Path
) -> None:
    """The chosen pipeline is logged too, with its bins, and scores as it did."""
    shutil.copy(registry, tmp_path / "mlflow.db")
    woe = {**CANDIDATES["decision_tree"].defaults, "categorical": WOE}
    noise = np.random.default_rng(3).random(len(problem.target_of(TRAIN)))
    tried = (
        Trial(CANDIDATES["decision_tree"].defaults, 0.6, noise),
        Trial(woe, 0.7, noise + problem.target_of(TRAIN)),
        Trial({"max_depth": 1}, None),
    )
    settings = replace(
        problem.settings,
        tracking_uri=f"sqlite:///{tmp_path}/mlflow.db",
        bootstrap_resamples=20,
        search=GRID,
    )
    searched = replace(problem, settings=settings, trials={"decision_tree": tried})
    tree = train_classifier(searched, "decision_tree")
    two = {"scorecard": frozen["scorecard"], "decision_tree": tree}
    count = {"transaction_count": frozen["transaction_count"]}
    evaluation = evaluate(searched, {**two, **count})
    facts = {"training_fingerprint": "f"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.tracking.draw", lambda *_: [])
        logged = log_run(searched, two, evaluation, [], facts)
    with mlflow_session(settings) as client:
        (experiment,) = client.search_experiments(
            filter_string="name = 'credit_scoring'"
        )
        runs = client.search_runs([experiment.experiment_id])
        parents = {r.info.run_id: r.data.tags.get("mlflow.parentRunId") for r in runs}
        (child,) = (r for r in runs if r.info.run_name == "decision_tree")
        trials = {
            r.info.run_name: r
            for r in runs
            if parents[r.info.run_id] == child.info.run_id
        }
        (model,) = client.search_logged_models(
            [experiment.experiment_id], filter_string="name = 'decision_tree'"
        )
        loaded = mlflow.sklearn.load_model(model.model_uri)
        card = mlflow.artifacts.load_text(
            next(
                f"runs:/{r.info.run_id}/scorecard.txt"
                for r in runs
                if r.info.run_name == "scorecard"
            )
        )
    assert parents[child.info.run_id] == logged.mlflow_run_id
    assert child.data.params["categorical"] == WOE
    metrics = child.data.metrics
    assert metrics["train_oof.trials"] == 3
    assert metrics["train_oof.roc_auc_corrected"] > 0.99
    assert metrics["test.ks_lower"] < metrics["test.ks"] < metrics["test.ks_upper"]
    corrected = evaluation.metrics["decision_tree"][TRAIN_OOF].roc_auc_corrected
    assert f"decision_tree {corrected:.3f} (of 3)" in " ".join(
        summary_lines(evaluation)
    )
    assert set(trials) == {f"decision_tree trial {number}" for number in (1, 2, 3)}
    second = trials["decision_tree trial 2"].data
    assert second.params == {name: str(value) for name, value in woe.items()}
    assert second.metrics == {"train_oof.roc_auc": 0.7}
    assert [trials[name].data.tags["chosen"] for name in sorted(trials)] == [
        *("False", "True", "False")
    ]
    assert trials["decision_tree trial 3"].data.metrics == {}
    risk = probability_of_bad(loaded, problem.frame(TEST))
    assert risk.tolist() == tree.values[TEST].tolist()
    assert card.startswith("Scorecard ")


@pytest.mark.hard
def test_processes_find_what_one_process_finds(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.spaces.RANDOM_TRIALS", 2)
    searched = replace(problem, settings=replace(problem.settings, search=RANDOM))
    assert search(searched, workers=2) == search(searched, workers=1)


@pytest.mark.hard
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_search_that_is_stopped_leaves_no_process(
    make_settings: MakeSettings, sent: signal.Signals
) -> None:
    """Its processes end with it, whether it can still tell them or not."""
    settings = make_settings()
    command = [sys.executable, "-m", "training", "--search", "grid"]
    environment = {**os.environ, "DATA_DIR": str(settings.data_dir)}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        children = wait_for(lambda: children_of(process.pid))
        process.send_signal(sent)
        assert process.stderr is not None
        said = process.stderr.read()
        code = process.wait(300)
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    if sent == signal.SIGINT:
        assert code == 130
        assert said.endswith("training: interrupted; run it again\n")
        assert "Traceback" not in said
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("from model.training_runs").fetchall() == []


def children_of(pid: int) -> list[int]:
    """Processes that a search of this process has started."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    found = path.read_text().split() if path.exists() else []
    return [
        int(child)
        for child in found
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def wait_for(asked: Callable[[], Any], seconds: float = 300) -> Any:  # noqa: ANN401 # whatever was asked for
    """Ask until the answer is yes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = asked()
        if answer:
            return answer
        time.sleep(0.05)
    pytest.fail("it did not come to pass")
