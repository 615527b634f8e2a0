"""What the card says in words follows from its rows."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.training.card.given import LINE, METRIC, given_facts
from training import segments
from training.card import causes, queries
from training.card.basel import retail_capital
from training.card.causes import not_recorded
from training.card.chapters.about import versions
from training.card.chapters.calibration import calibration
from training.card.chapters.example import capital_example
from training.card.chapters.fairness import fairness, measured_segment
from training.card.chapters.head import warnings
from training.card.chapters.label import label
from training.card.chapters.monitoring import monitoring
from training.card.chapters.performance import measured, performance
from training.card.parts import Section
from training.errors import TrainingError

SEGMENT = {
    "candidate": "scorecard",
    "split": "test",
    "segment_name": "main_channel",
    "segment_value": "web",
    "row_count": 100,
    "event_rate": 0.4,
    "predicted": 0.4,
    "roc_auc": 0.8,
    "roc_auc_lower": 0.7,
    "roc_auc_upper": 0.9,
    "approval_rate": 0.5,
    "adverse_impact_ratio": 0.5,
    "type_1_error_rate": 0.1,
    "type_2_error_rate": 0.1,
}


def value(section: Section, title: str) -> Any:  # noqa: ANN401 (of any kind)
    (found,) = [fact.value for fact in section.facts if title in fact.title]
    return found


def test_agreement_is_named_for_the_rows_it_is_of() -> None:
    (title,) = [f.title for f in label(given_facts()).facts if "agreement" in f.title]
    assert "train rows" in title
    assert "test" not in title


def test_labels_that_change_are_told_against_both_labels() -> None:
    row = {
        "is_inactive_included": False,
        "cluster_count": 3,
        "is_resampled": False,
        "scenarios": 1,
        "flip_rate": 0.346,
        "baseline_flip_rate": 0.0,
    }
    tables = label(given_facts(label_stability=[row])).tables
    (table,) = [table for table in tables if table.name == "stability"]
    titles = {column.key: column.title for column in table.columns}
    assert titles["flip_rate"] == "against the label in use"
    assert "three clusters" in titles["baseline_flip_rate"]
    assert "max(flip_rate) as flip_rate" in queries.LABEL_STABILITY


def test_libraries_are_listed_and_the_code_is_not_said_to_hold_them() -> None:
    later = [name for names in causes.RUN_COLUMNS for name in names]
    run = dict.fromkeys(
        (
            *("trained_at", "training_fingerprint", "dataset_fingerprint"),
            *("code_fingerprint", "parameters_hash", "seed", "mlflow_run_id"),
            *("registered_name", "registered_version", "git_revision"),
            *("dbt_invocation_id", *later),
        ),
        "x",
    )
    run["inputs"] = json.dumps({"libraries": {"xgboost": "3.2.0", "numpy": "2.4.6"}})
    section = versions(given_facts(training=run))
    assert value(section, "libraries") == "numpy 2.4.6, xgboost 3.2.0"
    assert value(section, "training code, SHA-256") == "x"
    none = versions(given_facts(training={**run, "inputs": "{}"}))
    assert value(none, "libraries") == "not assessed: not recorded by this training"


def test_the_capital_that_is_missing_is_computed() -> None:
    low, right = (
        retail_capital(
            probability_of_default=pd, loss_given_default=0.45, exposure_at_default=1.0
        ).capital
        for pd in (0.02, 0.05)
    )
    text = " ".join(capital_example(given_facts()).text)
    assert f"{1 - low / right:.1%} too little capital" in text
    assert "12.7% too little capital, and 40% of the expected loss" in text


def test_a_missing_value_is_given_no_cause_that_the_row_does_not_show() -> None:
    names = ("roc_auc", "type_1_error_rate", "type_2_error_rate")
    empty = dict.fromkeys(names)
    row = measured_segment({**SEGMENT, **empty, "event_rate": 1.0})
    assert row["auc"] == "not assessed: one class only"
    assert row["type_2_error_rate"] == "not assessed: nobody is good"
    assert row["type_1_error_rate"] is None
    with pytest.raises(TrainingError, match="nothing for roc_auc of scorecard, test"):
        measured_segment({**SEGMENT, **empty})
    ranks = measured({**METRIC, **empty, "event_rate": 1.0})
    assert ranks["roc_auc"] == ranks["ks_lower"] == "not assessed: one class only"
    assert ranks["type_1_error_rate"] is ranks["brier"] is None
    assert measured({**METRIC, **empty})["roc_auc"] is None
    nobody = {**METRIC, "true_positives": 0, "false_positives": 0}
    assert measured(nobody)["precision"] == "not assessed: nobody is referred"


def test_an_interval_is_missing_for_few_rows_or_in_an_older_training() -> None:
    row = {**METRIC, "ks": 0.5, "ks_lower": None, "ks_upper": None}
    assert measured(row)["ks_lower"] is None
    few = measured({**row, "row_count": 29})
    assert few["ks_lower"] == "not assessed: fewer than 30 rows"
    assert measured(row, "older")["ks_lower"] == "not assessed: older"
    assert measured({**row, "roc_auc_lower": None}, "older")["roc_auc_lower"] is None


def test_only_a_training_that_lacks_all_later_columns_is_older() -> None:
    late = dict.fromkeys(("trained_by", "inputs", "parameters", "built_from"))
    run = {**late, "data_kind": None, "stability_note": None}
    assert not_recorded(given_facts(training=run), "trained_by")
    assert not_recorded(
        given_facts(training={**run, "data_kind": "raw"}), "inputs"
    ) is (None)
    known = given_facts(training=run, metrics=[{**METRIC, "ks_lower": 0.1}])
    assert not_recorded(known, "built_from") is None
    # The note came after the intervals, so it may be missing where they are not.
    assert not_recorded(known, "stability_note")
    noted = given_facts(training={**run, "stability_note": "stability not assessed"})
    assert not_recorded(noted, "stability_note") is None
    assert not_recorded(noted, causes.INTERVALS) is None


def test_the_best_of_many_trials_is_told_to_be_too_good() -> None:
    out_of_fold = {**METRIC, "split": "train_oof"}
    facts = given_facts(
        metrics=[METRIC, out_of_fold],
        training={
            **given_facts().training,
            "type_1_error_cost": 5.0,
            "type_2_error_cost": 1.0,
        },
    )
    assert "trials" not in " ".join(performance(facts).text)
    searched = {**out_of_fold, "trials": 17, "roc_auc_corrected": 0.79}
    text = performance(replace(facts, metrics=[METRIC, searched])).text
    (said,) = [paragraph for paragraph in text if "trials" in paragraph]
    assert "highest of 17 trials" in said
    assert "0.790" in said


def test_a_segment_of_few_rows_is_not_listed_as_below_four_fifths() -> None:
    assert causes.ROWS_AT_LEAST == segments.ROWS_AT_LEAST
    few = {**SEGMENT, "segment_value": "(rest)", "row_count": 29}
    text = fairness(given_facts(segments=[SEGMENT, few])).text[-1]
    assert "web" in text
    assert "(rest)" not in text


@pytest.mark.parametrize(("count", "warned"), [(1, False), (2, True)])
def test_several_trainings_on_one_test_snapshot_are_warned_of(
    count: int, warned: bool
) -> None:
    said = warnings(given_facts(trainings_on_test=count))
    assert any(f"{count} trainings were measured" in text for text in said) is warned


def test_observed_defaults_are_told_without_the_proxy() -> None:
    base = given_facts()
    run = {**base.training, "agreement_with_inactivity": None, "central_tendency": 0.04}
    card = {**base.scorecard, "label_source": "observed", "target_name": "default"}
    facts = replace(
        base, training=run, scorecard=card, label_stability=[{"flip_rate": 0.3}]
    )
    proxy, observed = (f"{label(told)}{monitoring(told)}" for told in (base, facts))
    assert "k-means" in proxy
    assert "k-means" not in observed
    for said in ("rename the target", "no shift on a proxy"):
        assert said in proxy
        assert said not in observed
    agreement = value(label(facts), "agreement")
    assert agreement.startswith("not assessed: outcomes are observed")
    assert "nothing here was trained on" in observed
    assert "PD is of a year" in capital_example(facts).text[0]
    assert not any("proxy" in text for text in warnings(facts))


def test_a_shift_to_a_central_tendency_is_told_beside_what_it_moves() -> None:
    off = {**LINE, "intercept_lower": 0.01}
    run = {**given_facts().training, "central_tendency": 0.04}
    shifted = given_facts(training=run, calibration=[off])
    said = "shifted to a central tendency of 4.0%"
    assert any(said in text for text in warnings(shifted))
    assert said in " ".join(calibration(shifted).text)
    for facts in (given_facts(calibration=[off]), given_facts(training=run)):
        assert not any(said in text for text in warnings(facts))
