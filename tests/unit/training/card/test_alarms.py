"""A card that is not calibrated says so at its head, whatever the split."""

import pytest

from tests.unit.training.card.given import GRADE, LINE, SPLITS, given_facts
from training import calibration as measured
from training import candidates, grade_calibration, splits
from training.card import alarms
from training.card.chapters.calibration import calibration
from training.card.chapters.head import warnings
from training.errors import TrainingError

RED = {
    **GRADE,
    "predicted": 0.05,
    "observed": 0.12,
    "jeffreys_p_value": 0.001,
    "traffic_light": "red",
}


def test_names_are_those_of_training() -> None:
    assert set(alarms.HELD_OUT) == {splits.TEST, splits.TEST_UNSEEN, splits.FOLD_0}
    assert alarms.IN_USE == (candidates.SCORECARD, measured.LINEAR)
    assert alarms.RED == grade_calibration.RED


def test_a_calibrated_card_has_no_alarm() -> None:
    facts = given_facts()
    assert alarms.calibration_alarms(facts.grade_calibration, facts.calibration) == []
    assert "No light is red" in " ".join(calibration(facts).text)


@pytest.mark.parametrize("split", SPLITS)
def test_a_red_light_of_any_held_out_split_is_told_at_the_head(split: str) -> None:
    facts = given_facts(grade_calibration=[GRADE, {**RED, "split": split}])
    (said,) = [text for text in warnings(facts) if "red light" in text]
    assert split in said
    assert "A, predicted 5.0%, observed 12.0% of 100" in said
    chapter = calibration(facts)
    assert said in " ".join(chapter.text)
    (grades,) = [table for table in chapter.tables if table.name == "grades"]
    assert (split, "red") in [(r["split"], r["traffic_light"]) for r in grades.rows]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"slope_upper": 0.95}, "slope 1.000 [0.900, 0.950], which excludes 1"),
        ({"intercept_lower": 0.01}, "intercept 0.000 [0.010, 0.100], which excludes 0"),
    ],
)
def test_a_line_that_is_not_right_is_told_at_the_head(
    split: str, ends: dict[str, float], said: str
) -> None:
    facts = given_facts(calibration=[{**LINE, "split": split, **ends}])
    assert f"Not calibrated on {split}: {said}." in warnings(facts)


def test_what_is_fitted_on_and_what_is_not_in_use_is_no_alarm() -> None:
    off = {**LINE, "slope_upper": 0.95}
    lines = [
        {**off, "split": "train_oof"},
        {**off, "method": "none"},
        {**off, "candidate": "xgboost"},
    ]
    assert alarms.calibration_alarms([{**RED, "split": "train_oof"}], lines) == []
    no_line = {**off, "slope": None, "intercept": None}
    assert alarms.calibration_alarms([], [no_line]) == []


def test_an_end_that_is_missing_is_not_taken_for_calibrated() -> None:
    with pytest.raises(TrainingError, match="nothing for slope_lower of scorecard"):
        alarms.calibration_alarms([], [{**LINE, "slope_lower": None}])


def test_the_number_of_tests_is_counted() -> None:
    assert "3 tests at once" in " ".join(calibration(given_facts()).text)
