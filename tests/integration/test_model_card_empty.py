"""A field of the card is empty for a cause that the rows show, or there is no card."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from tests.conftest import Workspace
from training.card.build import build_card
from training.card.parts import as_json
from training.card.reading import Facts, read_facts
from training.errors import TrainingError
from training.metrics import WITH_INTERVAL

INTERVALS = [
    f"{name}_{end}"
    for name in WITH_INTERVAL
    if name != "roc_auc"
    for end in ("lower", "upper")
]
# What may be empty whatever else its row says, and why.
MAY_BE_EMPTY = {
    "training": {
        "git_revision",  # trained outside of a repository
        "dbt_invocation_id",  # built by hand
        "central_tendency",  # a proxy has none
        "stability_note",  # the training is older than it
    },
    "selection": {"binning_fallback"},  # optimal binning did not fail
    # Ends of the outer bins and grades are open.
    "points": {"lower", "upper"},
    "grades": {"lower", "upper"},
}
TABLES = {
    "training": "training_runs",
    "scorecard": "scorecard",
    "metrics": "candidate_metrics",
    "segments": "segment_metrics",
    "comparisons": "candidate_comparisons",
    "calibration": "calibration_metrics",
    "grade_calibration": "grade_calibration",
    "selection": "feature_selection",
    "points": "scorecard_points",
    "grades": "rating_scale",
}


@pytest.fixture(scope="module")
def facts(simulated: Workspace) -> Facts:
    path = str(simulated.data_dir / "warehouse.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        return read_facts(connection, None)


def without(facts: Facts, field: str, *names: str) -> Facts:
    """Null columns in all rows of a field."""
    found = getattr(facts, field)
    empty = dict.fromkeys(names)
    if isinstance(found, dict):
        return replace(facts, **{field: {**found, **empty}})
    return replace(facts, **{field: [{**row, **empty} for row in found]})


def test_a_version_trained_before_a_column_came_has_a_card(facts: Facts) -> None:
    late = ("trained_by", "inputs", "parameters", "built_from", "data_kind")
    late = (*late, "stability_note")
    early = without(without(facts, "training", *late), "metrics", *INTERVALS)
    sections = as_json(build_card(replace(early, selection=[])))["sections"]
    why = "not assessed: not recorded by this training"
    (row,) = sections["features"]["tables"]["selection"]
    assert set(row.values()) == {why}
    assert sections["versions"]["facts"]["libraries"] == why
    assert list(sections["stability"]["facts"].values()) == [why]
    assert sections["versions"]["facts"]["trained by"] == why
    assert sections["performance"]["tables"]["splits"][0]["ks_lower"] == why
    for known in (facts, without(facts, "metrics", *INTERVALS)):
        with pytest.raises(TrainingError, match=r"nothing at features\.selection"):
            build_card(replace(known, selection=[]))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"points": []}, "scorecard_points has no"),
        ({"segments": []}, "stability.snapshots"),
        ({"calibration": []}, "calibration.lines"),
        ({"grade_calibration": []}, "calibration.pictures"),
        ({"comparisons": []}, "challenger.prices"),
        ({"metrics": []}, "candidate_metrics has no scorecard on test"),
    ],
)
def test_without_its_rows_there_is_no_card(
    changes: dict[str, Any], place: str, facts: Facts
) -> None:
    with pytest.raises(TrainingError, match=place):
        build_card(replace(facts, **changes))


def test_a_field_without_a_value_stops_the_build(facts: Facts) -> None:
    features = [{**row, "formula": None} for row in facts.features]
    with pytest.raises(TrainingError, match=r"features.features\[0\].formula"):
        build_card(replace(facts, features=features))
    training = {**facts.training, "mlflow_run_id": ""}
    with pytest.raises(TrainingError, match=r"versions.facts.MLflow run"):
        build_card(replace(facts, training=training))


@pytest.mark.parametrize("field", TABLES)
def test_an_empty_column_stops_the_build_or_is_not_read(
    field: str, facts: Facts, simulated: Workspace
) -> None:
    """Each column by itself, null in all rows; the tables forbid it of the others."""
    columns = simulated.query(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'model' and is_nullable = 'YES'"
    )
    names = set(columns.column_name[columns.table_name == TABLES[field]])
    whole = as_json(build_card(facts))
    for name in sorted(names - MAY_BE_EMPTY.get(field, set())):
        built = built_or_refused(without(facts, field, name))
        assert built == whole or "has nothing" in built, name
        assert "\n" not in built


def built_or_refused(facts: Facts) -> Any:  # noqa: ANN401 (data, or why there are none)
    """Content of the card, or the line that says why there is none."""
    try:
        return as_json(build_card(facts))
    except TrainingError as error:
        return str(error)


@pytest.mark.parametrize(
    ("field", "column", "place"),
    [
        ("metrics", "ks", r"performance\.splits\[0\]\.ks"),
        ("metrics", "ks_lower", r"performance\.splits\[0\]\.ks_lower"),
        ("metrics", "roc_auc", "roc_auc of scorecard, test"),
        ("metrics", "approval_rate", "approval_rate of scorecard, test"),
        ("segments", "predicted", r"snapshots\[0\]\.predicted"),
        ("segments", "roc_auc", "roc_auc of scorecard"),
        ("comparisons", "gini_difference", "gini_difference of scorecard"),
        ("calibration", "slope", "slope of scorecard"),
        ("grade_calibration", "traffic_light", r"grades\[0\]\.traffic_light"),
        ("training", "auc_gain", "auc_gain of scorecard, test"),
        ("training", "trained_by", r"versions\.facts\.trained by"),
    ],
)
def test_a_measure_that_is_missing_for_no_cause_is_named(
    field: str, column: str, place: str, facts: Facts
) -> None:
    with pytest.raises(TrainingError, match=place):
        build_card(without(facts, field, column))


def test_all_measures_missing_at_a_rate_of_both_classes_are_no_card(
    facts: Facts,
) -> None:
    keys = ("row_count", "event_rate", "cutoff", "candidate", "candidate_kind", "split")
    names = [name for name in facts.metrics[0] if name not in keys]
    with pytest.raises(TrainingError, match="the model card has nothing for"):
        build_card(without(facts, "metrics", *names))


def test_what_could_not_be_measured_is_said(facts: Facts) -> None:
    """A test snapshot of one class: no AUC anywhere, and still a card."""
    names = ("roc_auc", "gini", "ks", "pr_auc", "lift", "recall", "type_1_error_rate")
    empty = {f"{name}{end}": None for name in names for end in ("", "_lower", "_upper")}
    no_bads = {**empty, "event_rate": 0.0}
    differences = [name for name in facts.comparisons[0] if "difference" in name]
    nothing = without(facts, "comparisons", *differences, "share_better")
    one_class = build_card(
        replace(
            nothing,
            metrics=[{**row, **no_bads} for row in facts.metrics],
            segments=[
                {**row, **{n: v for n, v in no_bads.items() if n in row}}
                for row in facts.segments
            ],
            training={
                **facts.training,
                **dict.fromkeys(("auc_gain", "auc_gain_lower", "git_revision")),
            },
            promotions=[],
            champion="another",
        )
    )
    text = json.dumps(as_json(one_class), allow_nan=False)
    assert "ranking cannot be measured" in text
    assert "not assessed: one class only" in text
    assert "not assessed: nobody is bad" in text
    assert "not assessed: trained outside of a repository" in text
    assert "not the champion" in text
