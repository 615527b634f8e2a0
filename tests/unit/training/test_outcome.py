"""What a finished run has written to the tables and to MLflow."""

import hashlib
import json
from collections.abc import Callable, Mapping

import duckdb
import mlflow
import numpy as np
import pytest

from tests.unit.training.conftest import FinishedRun
from tests.unit.training.generated import read_seed
from tests.unit.training.stored import rows
from training import candidates
from training.fitting import Frozen
from training.metrics import WITH_INTERVAL
from training.model_tables import canonical_hash
from training.promotion.gates import GATES
from training.registry import mlflow_session
from training.runner import read_start
from training.scorecard import Scorecard
from training.scorecard_fit import IN_CARD
from training.settings import Settings
from training.tables import read_model

MakeSettings = Callable[..., Settings]
FEW = ("scorecard", "xgboost", "recency_days", "transaction_count")
Frozens = Mapping[str, Frozen]


def test_all_tables_are_written(finished: FinishedRun) -> None:
    settings = finished.settings
    (card,) = rows(settings, "scorecard")
    version = card["model_version"]
    assert card["label_source"] == "proxy"
    assert card["parameters_hash"] == "abc123"
    (record,) = rows(settings, "training_runs")
    assert record["model_version"] == version
    assert record["registered_name"] == "credit_scoring_model"
    dates = ("first_train_snapshot", "last_train_snapshot", "test_snapshot")
    assert [record[name].isoformat() for name in dates] == [
        *("2018-12-13", "2018-12-20", "2019-01-17"),
    ]
    assert record["agreement_with_inactivity"] is None
    assert record["trained_by"] == settings.trained_by
    inputs = json.loads(record["inputs"])
    assert canonical_hash(inputs) == record["training_fingerprint"]
    assert json.loads(record["parameters"])["xgboost"]["max_depth"] > 0
    (promotion,) = rows(settings, "model_promotions")
    assert (promotion["model_version"], promotion["rule"]) == (version, "bootstrap")
    outcomes = {
        found["gate"]: found["outcome"]
        for found in json.loads(promotion["gate_results"])
    }
    # So few rows overfit: that is recorded, and does not block the first model.
    assert outcomes == {
        **dict.fromkeys([gate.name for gate in GATES], "passed"),
        "not_worse_than_champion": "not assessed",
        "calibration_slope": "failed",
    }
    metrics = rows(settings, "candidate_metrics")
    (circular,) = (row for row in metrics if row["candidate_kind"] == "circular")
    assert circular["split"] == "random_rows"
    assert circular["roc_auc"] > 0.9
    metrics.remove(circular)
    assert len(metrics) == 7 * 5
    aucs = {r["candidate"]: r["roc_auc"] for r in metrics if r["split"] == "test"}
    best = max(("recency_days", "transaction_count"), key=lambda name: aucs[name])
    assert record["best_column"] == best
    assert record["auc_gain"] == aucs["scorecard"] - aucs[best]
    assert record["auc_gain_lower"] < record["auc_gain"] < record["auc_gain_upper"]
    kinds = {row["candidate"]: row["candidate_kind"] for row in metrics}
    assert kinds == {
        "scorecard": "scorecard",
        "logistic_regression": "candidate",
        "decision_tree": "candidate",
        "random_forest": "candidate",
        "xgboost": "challenger",
        "recency_days": "baseline",
        "transaction_count": "baseline",
    }
    for row in metrics:
        for name in WITH_INTERVAL:
            ends = row[f"{name}_lower"], row[f"{name}_upper"]
            if row[name] is None:
                assert ends == (None, None)
            else:
                assert ends[0] <= row[name] <= ends[1], name
        confusion = ("true_positives", "false_positives")
        confusion += ("true_negatives", "false_negatives")
        assert sum(row[name] for name in confusion) == row["row_count"]


def test_why_each_feature_is_in_or_not_is_written(finished: FinishedRun) -> None:
    settings = finished.settings
    selection = rows(settings, "feature_selection")
    contract = [row["name"] for row in read_seed("feature_contract")]
    assert [row["feature"] for row in selection] == contract
    card = rows(settings, "scorecard_features")
    used = {row["feature"]: row["information_value"] for row in card}
    assert used == {
        row["feature"]: row["information_value"]
        for row in selection
        if row["is_selected"]
    }
    version = card[0]["model_version"]
    assert {row["model_version"] for row in selection} == {version}
    assert {row["reason"] for row in selection if row["is_selected"]} == {IN_CARD}


def test_what_the_examples_were_built_from_is_written(finished: FinishedRun) -> None:
    settings = finished.settings
    (record,) = rows(settings, "training_runs")
    built_from = json.loads(record["built_from"])
    content = (settings.data_dir / "raw" / "transactions.csv").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    file = {"size_bytes": len(content), "sha256": digest}
    assert built_from["files"] == {"transactions.csv": file}
    assert built_from["last_transaction"] == "2019-02-13 23:59:59"
    assert built_from["parameters"]["outcome_days"] == 28


def test_whether_stability_was_assessed_is_written_and_said(
    finished: FinishedRun,
) -> None:
    (record,) = rows(finished.settings, "training_runs")
    note = record["stability_note"]
    assert note.startswith("stability not assessed: 1 train snapshot at least 28 days")
    assert f"Features: {note}." in finished.lines


def test_reports_are_those_of_the_training(finished: FinishedRun) -> None:
    settings = finished.settings
    (record,) = rows(settings, "training_runs")
    assert (record["type_1_error_cost"], record["type_2_error_cost"]) == (5.0, 1.0)
    assert record["central_tendency"] is None
    metrics = {
        (row["candidate"], row["split"]): row
        for row in rows(settings, "candidate_metrics")
    }
    card = metrics["scorecard", "test"]
    wrong = 5 * card["false_negatives"] + card["false_positives"]
    assert card["cost_of_errors"] == wrong / card["row_count"]
    comparisons = rows(settings, "candidate_comparisons")
    assert len(comparisons) == 4 * 7 * 6 / 2
    (gain,) = (
        row
        for row in comparisons
        if (row["split"], row["candidate"]) == ("test", "scorecard")
        and row["compared_with"] == record["best_column"]
    )
    assert gain["roc_auc_difference"] == record["auc_gain"]
    assert gain["roc_auc_difference_lower"] == record["auc_gain_lower"]
    for table in ("segment_metrics", "calibration_metrics", "grade_calibration"):
        found = rows(settings, table)
        assert {r["split"] for r in found} == {
            *("train_oof", "fold_0", "test", "test_unseen"),
        }
        assert {r["training_fingerprint"] for r in found} == {
            record["training_fingerprint"]
        }


def test_summary_ends_with_the_champion(finished: FinishedRun) -> None:
    assert finished.lines[0].startswith("Test AUC: scorecard")
    assert finished.lines[-1].endswith("champion, being the first")


def test_the_tables_are_the_model(finished: FinishedRun) -> None:
    settings = finished.settings
    version = rows(settings, "scorecard")[0]["model_version"]
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        model = read_model(connection, version)
    assert model.model_version == version
    card = Scorecard(model)
    start = read_start(settings)
    test = start.examples.frame.iloc[start.splits.rows["test"]]
    (row,) = (
        row
        for row in rows(settings, "candidate_metrics")
        if row["candidate"] == "scorecard" and row["split"] == "test"
    )
    referred = card.high_risk(card.score(test))
    assert referred.sum() == row["true_positives"] + row["false_positives"]
    assert row["cutoff"] == card.cutoff_score


def test_the_registered_model_scores_as_the_tables(finished: FinishedRun) -> None:
    settings = finished.settings
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        version = connection.execute("select model_version from model.scorecard")
        card = Scorecard(read_model(connection, version.fetchone()[0]))
    start = read_start(settings)
    frame = start.examples.frame[start.examples.feature_names].head(50)
    with mlflow_session(settings):
        model = mlflow.pyfunc.load_model("models:/credit_scoring_model@champion")
    signature = model.metadata.signature
    assert signature.inputs.input_names() == start.examples.feature_names
    kinds = {str(column.type) for column in signature.inputs.inputs}
    assert kinds == {"DataType.double", "DataType.string"}
    predicted = model.predict(frame)
    assert predicted["score"].tolist() == card.score(frame).tolist()
    assert predicted["grade"].tolist() == card.grade(card.score(frame)).tolist()


def test_every_candidate_is_logged_with_pictures_and_model(
    finished: FinishedRun,
) -> None:
    with mlflow_session(finished.settings) as client:
        experiment = client.get_experiment_by_name("credit_scoring")
        runs = client.search_runs([experiment.experiment_id])
        children = {
            r.info.run_name: r for r in runs if "mlflow.parentRunId" in r.data.tags
        }
        (parent,) = (
            r
            for r in runs
            if r.info.run_id not in {c.info.run_id for c in children.values()}
        )
        models = client.search_logged_models([experiment.experiment_id])
        pictures = {
            name: [f.path for f in client.list_artifacts(child.info.run_id, "plots")]
            for name, child in children.items()
        }
    assert set(children) == {*candidates.CANDIDATES, *candidates.BASELINES}
    assert {model.name for model in models} == set(candidates.CANDIDATES)
    for name in candidates.CANDIDATES:
        assert len(pictures[name]) == 6
        assert children[name].data.metrics["test.roc_auc"] > 0.5
        assert children[name].data.params["seed"] == "42"
    facts = parent.data.tags
    assert len(facts["dataset_fingerprint"]) == 64
    assert facts["parameters_hash"] == "abc123"


def test_challenger_scores_are_those_of_the_test_rows(finished: FinishedRun) -> None:
    start = read_start(finished.settings)
    test = start.examples.frame.iloc[start.splits.rows["test"]]
    scores = rows(finished.settings, "challenger_scores")
    keys = [(row["customer_id"], row["snapshot_date"]) for row in scores]
    expected = zip(test["customer_id"], test["snapshot_date"].dt.date, strict=True)
    assert sorted(keys) == sorted(expected)
    for row in scores:
        assert len(row["contributions"]) == 26
        margin = row["base_margin"] + sum(row["contributions"])
        logit = np.log(row["probability"] / (1 - row["probability"]))
        assert margin == pytest.approx(logit, abs=1e-6)
