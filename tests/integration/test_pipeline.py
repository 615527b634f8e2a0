"""The whole run: what the summary promises, and a second run with nothing new."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from pipeline.readme import REFERENCE
from tests.conftest import Workspace
from tests.shared_runs import SharedRun

SECONDS = {"landing", "dbt", "training", "scoring", "card", "release", "total"}
METRICS = {
    *("accuracy", "precision", "recall", "f1", "roc_auc", "roc_auc_ci", "pr_auc"),
    *("ks", "gini", "brier", "confusion", "rows", "event_rate"),
}


@pytest.fixture(scope="module")
def summary(simulated: Workspace) -> dict[str, Any]:
    return json.loads((simulated.data_dir / "reports" / "summary.json").read_text())


def test_counts_add_up(summary: dict[str, Any]) -> None:
    assert summary["data"] == "simulated"
    assert summary["transactions"] == summary["accepted"] + summary["rejected"]
    assert summary["rejected"] == sum(summary["rejected_by_reason"].values())
    assert summary["customers"] == (
        summary["scored_customers"] + summary["not_scored_customers"]
    )
    eligible = {s["split"]: 0 for s in summary["snapshots"]}
    for snapshot in summary["snapshots"]:
        eligible[snapshot["split"]] += snapshot["eligible"]
    assert eligible["train"] == summary["train_rows"]
    assert eligible["test"] == summary["test_rows"]
    assert eligible["score"] == summary["scored_customers"]
    assert set(summary["seconds"]) == SECONDS


def test_every_candidate_has_every_metric(summary: dict[str, Any]) -> None:
    assert list(summary["candidates"]) == [
        *("scorecard", "logistic_regression", "decision_tree", "random_forest"),
        "xgboost",
    ]
    assert list(summary["baselines"]) == ["recency_days", "transaction_count"]
    for entry in summary["candidates"].values():
        for split in ("test", "test_unseen"):
            metrics = entry[split]
            assert set(metrics) == METRICS
            confusion = metrics["confusion"]
            assert sum(confusion.values()) == metrics["rows"]
            low, high = metrics["roc_auc_ci"]
            assert low < metrics["roc_auc"] < high
            assert metrics["gini"] == pytest.approx(2 * metrics["roc_auc"] - 1)
            right = confusion["tp"] + confusion["tn"]
            assert metrics["accuracy"] == pytest.approx(right / metrics["rows"])
    assert summary["candidates"]["scorecard"]["test"] == summary["champion"]["test"]


def test_the_figures_of_the_readme_are_those_of_a_fresh_run(
    summary: dict[str, Any],
) -> None:
    """Exact where the project decides; libraries may move a rival's third digit."""
    reference = json.loads(REFERENCE.read_text())["summary"]
    for key in ("transactions", "accepted", "customers", "snapshots", "train_rows"):
        assert summary[key] == reference[key], key
    assert summary["label"] == pytest.approx(reference["label"], abs=1e-6)
    for group in ("candidates", "baselines"):
        for name, entry in reference[group].items():
            fresh = summary[group][name]["test"]["roc_auc"]
            assert fresh == pytest.approx(entry["test"]["roc_auc"], abs=5e-3), name


def test_the_figures_say_what_they_were_measured_on(
    simulated: Workspace, summary: dict[str, Any]
) -> None:
    champion = summary["champion"]
    dates = {s["split"]: [] for s in summary["snapshots"]}
    for snapshot in summary["snapshots"]:
        dates[snapshot["split"]].append(snapshot["date"])
    assert champion["measured_on"] == {
        "first_train_snapshot": dates["train"][0],
        "last_train_snapshot": dates["train"][-1],
        "test_snapshot": dates["test"][0],
    }
    assert champion["is_of_this_data"] is True
    assert champion["test"]["rows"] == summary["test_rows"]
    assert summary["new_candidate"] is None
    low, high = champion["gain"]["auc_ci"]
    assert low < champion["gain"]["auc"] < high
    assert summary["released"]["is_promoted"] is True
    built = json.loads((simulated.data_dir / "target" / "run_results.json").read_text())
    run = simulated.query("select dbt_invocation_id from model.training_runs")
    assert run.dbt_invocation_id[0] is not None
    # The last call of dbt scored; the examples are of the one before.
    assert run.dbt_invocation_id[0] != built["metadata"]["invocation_id"]


def test_a_customers_fold_is_what_its_description_says(simulated: Workspace) -> None:
    folds = simulated.query(
        "select distinct customer_id, customer_fold from marts.fct_training_examples"
    )
    expected = [
        int(hashlib.md5(customer.encode()).hexdigest()[:8], 16) % 5  # noqa: S324
        for customer in folds.customer_id
    ]
    assert folds.customer_fold.tolist() == expected


def test_the_champion_beats_the_best_single_column(summary: dict[str, Any]) -> None:
    best = max(entry["test"]["roc_auc"] for entry in summary["baselines"].values())
    assert summary["champion"]["test"]["roc_auc"] > best


def test_the_card_is_near_the_challenger(simulated: Workspace) -> None:
    """The price of interpretability on simulated data, out of time."""
    gini = simulated.query("""
        select candidate, gini
        from model.candidate_metrics
        where split = 'test'
    """).set_index("candidate")["gini"]
    assert gini["scorecard"] > gini["xgboost"] - 0.03


def test_a_second_run_builds_and_registers_nothing(
    simulated_run: SharedRun, summary: dict[str, Any]
) -> None:
    def releases_and_trainings(run: Workspace) -> tuple[list[str], int]:
        releases = sorted(p.name for p in (run.data_dir / "releases").iterdir())
        trainings = run.query("select count(*) as n from model.training_runs")
        return releases, int(trainings.n[0])

    with simulated_run.opened() as run:
        before = releases_and_trainings(run)
        done = run.python("-m", "pipeline", "run")
        again = json.loads((run.data_dir / "reports" / "summary.json").read_text())
        assert releases_and_trainings(run) == before

    assert "build: unchanged" in done.stderr
    assert "score: unchanged" in done.stderr
    assert "card: unchanged" in done.stderr
    assert {k: v for k, v in again.items() if k != "seconds"} == {
        k: v for k, v in summary.items() if k != "seconds"
    }
