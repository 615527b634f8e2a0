"""Every figure of the summary against the hand-made warehouse."""

import json
from pathlib import Path

import duckdb
import pytest

from pipeline.cards import Json
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.summary import Report, read_report, report_of, write_report
from tests.unit.model_schema import missing_columns
from tests.unit.pipeline.conftest import write_release
from training.done import Done, write_done

SECONDS = {
    **{"landing": 1.23456, "dbt": 2.0, "training": 3.0},
    **{"scoring": 4.0, "card": 1.0, "release": 5.0, "total": 17.0},
}
METRICS = {
    *("accuracy", "precision", "recall", "f1", "roc_auc", "roc_auc_ci", "pr_auc"),
    *("ks", "gini", "brier", "confusion", "rows", "event_rate"),
}


@pytest.fixture
def report(settings: Settings, warehouse: Path) -> Report:
    assert warehouse.exists()
    return report_of(settings, SECONDS)


@pytest.fixture
def summary(report: Report) -> Json:
    return report.summary


def test_the_keys_are_the_contract(summary: Json) -> None:
    assert list(summary) == [
        *("data", "transactions", "accepted", "rejected", "rejected_by_reason"),
        *("customers", "snapshots", "train_rows", "test_rows", "label", "champion"),
        *("candidates", "baselines", "new_candidate", "not_trained"),
        *("scored_customers", "not_scored_customers", "not_scored_by_reason"),
        *("release_id", "released", "seconds"),
    ]
    assert list(summary["champion"]) == [
        *("name", "model_version", "test", "test_unseen", "gain", "trained_at"),
        *("measured_on", "promoted", "is_of_this_data"),
    ]
    assert set(summary["champion"]["test"]) == METRICS


def test_transactions_are_accepted_and_rejected(summary: Json) -> None:
    assert summary["data"] == "simulated"
    assert (summary["transactions"], summary["accepted"], summary["rejected"]) == (
        *(8, 5, 3),
    )
    assert summary["rejected_by_reason"] == {
        "time_unreadable": 2,
        "customer_missing": 1,
    }


def test_customers_are_scored_or_not(summary: Json) -> None:
    assert summary["customers"] == 4
    assert summary["scored_customers"] == 3
    assert summary["not_scored_customers"] == 1
    assert summary["not_scored_by_reason"] == {"no_recent_transactions": 1}


def test_snapshots_are_in_order_with_their_eligible_customers(summary: Json) -> None:
    assert summary["snapshots"] == [
        {"date": "2018-12-20", "split": "train", "eligible": 2},
        {"date": "2019-01-10", "split": "embargo", "eligible": 0},
        {"date": "2019-01-17", "split": "test", "eligible": 1},
        {"date": "2019-02-14", "split": "score", "eligible": 3},
    ]


def test_rows_and_event_rates_are_those_of_train_and_test(summary: Json) -> None:
    assert (summary["train_rows"], summary["test_rows"]) == (4, 2)
    assert summary["label"]["event_rate_train"] == 0.25
    assert summary["label"]["event_rate_test"] == 0.5


def test_agreement_is_that_of_the_test_snapshot(summary: Json) -> None:
    assert summary["label"]["agreement_with_inactivity"] == 0.975


def test_the_champion_is_the_newest_promotion_with_its_last_training(
    summary: Json,
) -> None:
    champion = summary["champion"]
    assert (champion["name"], champion["model_version"]) == ("scorecard", "card")
    assert champion["test"]["roc_auc"] == 0.80
    assert champion["test"]["roc_auc_ci"] == [0.78, 0.82]
    assert champion["test"]["confusion"] == {
        **{"tp": 3, "fp": None, "tn": None, "fn": None},
    }
    assert champion["test_unseen"]["rows"] == 1
    assert champion["test_unseen"]["event_rate"] == 0.25
    assert champion["gain"] == {
        **{"over": "recency_days", "auc": 0.01, "auc_ci": [0.002, 0.018]},
    }
    assert champion["trained_at"] == "2026-01-02T00:00:00"
    assert champion["measured_on"] == {
        "first_train_snapshot": "2018-12-13",
        "last_train_snapshot": "2018-12-20",
        "test_snapshot": "2019-01-17",
    }
    assert champion["promoted"] == {
        **{"at": "2026-01-02T00:00:00", "rule": "approved", "approver": None},
    }


def after(settings: Settings, fingerprint: str | None, note: str | None = None) -> Json:
    """Give the summary of a run whose training ended like this."""
    write_done(settings.data_dir, Done(fingerprint, note))
    return report_of(settings, SECONDS).summary


@pytest.mark.usefixtures("warehouse")
def test_the_champions_figures_are_of_the_training_on_this_data(
    settings: Settings,
) -> None:
    """Data of before came back: the card's last training is not the one that holds."""
    champion = after(settings, "f_first")["champion"]
    assert champion["test"]["roc_auc"] == 0.22
    assert champion["measured_on"]["test_snapshot"] == "2019-01-10"
    assert champion["is_of_this_data"] is True


def test_a_training_of_an_earlier_version_does_not_say_its_snapshots(
    settings: Settings, warehouse: Path
) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "alter table model.training_runs drop column test_snapshot;"
            f"{missing_columns()}"
        )
    assert after(settings, "f_last")["champion"]["measured_on"] is None


@pytest.mark.usefixtures("warehouse")
def test_a_new_card_is_shown_beside_the_champions_older_figures(
    settings: Settings,
) -> None:
    summary = after(settings, "f_old")
    assert summary["champion"]["model_version"] == "card"
    assert summary["champion"]["test"]["roc_auc"] == 0.80
    assert summary["champion"]["is_of_this_data"] is False
    assert list(summary["candidates"]) == ["scorecard", "xgboost"]
    waiting = summary["new_candidate"]
    assert (waiting["model_version"], waiting["test"]["roc_auc"]) == ("old", 0.11)
    assert waiting["measured_on"]["test_snapshot"] == "2019-01-24"


@pytest.mark.usefixtures("warehouse")
def test_no_training_is_said_with_its_reason(settings: Settings) -> None:
    summary = after(settings, None, "44 days are missing")
    assert summary["not_trained"] == "44 days are missing"
    assert summary["champion"]["is_of_this_data"] is False
    assert summary["new_candidate"] is None


def test_nothing_is_claimed_of_a_training_that_nobody_knows(summary: Json) -> None:
    assert summary["champion"]["is_of_this_data"] is None
    assert summary["new_candidate"] is None


@pytest.mark.usefixtures("warehouse")
def test_a_release_of_a_card_that_is_not_promoted(settings: Settings) -> None:
    write_release(settings, model_version="other", promoted=False)
    assert report_of(settings, SECONDS).summary["released"] == {
        **{"alias": "trial", "model_version": "other", "is_promoted": False},
    }


def test_what_was_not_measured_is_null(summary: Json) -> None:
    assert summary["champion"]["test"]["brier"] is None
    assert summary["candidates"]["xgboost"]["test_unseen"] is None


def test_baselines_are_apart_from_candidates(summary: Json) -> None:
    assert list(summary["candidates"]) == ["scorecard", "xgboost"]
    assert list(summary["baselines"]) == ["recency_days", "transaction_count"]
    assert summary["baselines"]["recency_days"]["test"]["roc_auc"] == 0.79


def test_release_and_seconds(summary: Json) -> None:
    assert summary["release_id"] == "20190214-card-0123abcd"
    assert summary["seconds"]["landing"] == 1.235


def test_grades_are_in_order_of_the_scale_with_empty_ones(report: Report) -> None:
    assert report.details == {
        "label_source": "proxy",
        "target_name": "expected inactivity",
        "circular_auc": 0.99,
        "grades": [
            {"grade": "A", "action": "approve", "customers": 2},
            {"grade": "B", "action": "approve", "customers": 0},
            {"grade": "C", "action": "refer", "customers": 1},
        ],
    }


def test_a_not_a_number_is_null(settings: Settings, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update model.candidate_metrics set ks = 'nan'")
    assert report_of(settings, SECONDS).summary["champion"]["test"]["ks"] is None


def test_raw_data_is_said_to_be_raw(settings: Settings, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update raw.files set data_kind = 'raw'")
    assert report_of(settings, SECONDS).summary["data"] == "raw"


def test_no_champion_is_told(settings: Settings, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from model.model_promotions")
    with pytest.raises(PipelineError, match="no champion"):
        report_of(settings, SECONDS)


def test_no_warehouse_is_told(settings: Settings) -> None:
    with pytest.raises(PipelineError, match="database does not exist"):
        report_of(settings, SECONDS)


def test_written_files_are_read_back(settings: Settings, report: Report) -> None:
    write_report(settings, report)
    assert read_report(settings) == report
    names = sorted(path.name for path in settings.reports.iterdir())
    assert names == ["details.json", "summary.json"]


def test_a_failed_write_leaves_the_old_summary(
    settings: Settings, report: Report
) -> None:
    write_report(settings, report)
    broken = Report(summary={**report.summary, "data": object()}, details={})
    with pytest.raises(TypeError):
        write_report(settings, broken)
    text = (settings.reports / "summary.json").read_text()
    assert json.loads(text) == report.summary
