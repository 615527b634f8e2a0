"""Chapter on how far scores and features have moved since training."""

from training.card.causes import STABILITY, not_recorded
from training.card.chapters.fairness import SNAPSHOT, measured_segment
from training.card.parts import Column, Fact, Row, Section, Table, or_why
from training.card.reading import SCORECARD, TEST, Facts
from training.card.shift import population_shift

TRAIN_OOF, SCORE = "train_oof", "score"


def stability(facts: Facts) -> Section:
    """Chapter on how far scores and features have moved since training."""
    return Section(
        name="stability",
        title="Stability",
        text=[
            "PSI = Σ (actual − expected) × ln(actual ÷ expected). 0.1 and 0.25 are"
            " custom; with few rows chance alone passes them, so a shift counts only"
            " above both the limit and the 95 % noise of two samples of these sizes.",
            "A short file has too few train snapshots to say how a feature behaves"
            " over a year; seasons are not assessed.",
        ],
        facts=[
            Fact(
                "selection of features by stability, at training",
                or_why(facts.training.get(STABILITY), not_recorded(facts, STABILITY)),
            )
        ],
        tables=[
            Table(
                "scores",
                "Shift of the distribution over grades, against out-of-fold train.",
                [
                    Column("to", "to"),
                    Column("rows", "rows", "count"),
                    Column("psi", "PSI", "decimal"),
                    Column("noise", "noise 95 %", "decimal"),
                    Column("shift", "shift"),
                ],
                [_score_shift(facts, split) for split in (TEST, SCORE)],
            ),
            Table(
                "features",
                "Shift of each feature over its bins, train rows against the score"
                " snapshot.",
                [
                    Column("feature", "feature"),
                    Column("psi", "PSI", "decimal"),
                    Column("noise", "noise 95 %", "decimal"),
                    Column("shift", "shift"),
                ],
                [_feature_shift(facts, row["name"]) for row in facts.card_features],
            ),
            Table(
                "snapshots",
                "The scorecard by snapshot.",
                [
                    Column("split", "split"),
                    Column("segment_value", "snapshot", "whole"),
                    Column("row_count", "rows", "count"),
                    Column("event_rate", "high risk", "share"),
                    Column("predicted", "predicted", "share"),
                    Column("auc", "AUC [95 % interval]", "whole"),
                    Column("approval_rate", "approved", "share"),
                ],
                [
                    measured_segment(row)
                    for row in facts.segments
                    if (row["candidate"], row["segment_name"]) == (SCORECARD, SNAPSHOT)
                    and row["split"] in (TRAIN_OOF, TEST)
                ],
            ),
        ],
    )


def _score_shift(facts: Facts, split: str) -> Row:
    grades = [row["grade"] for row in facts.grades]
    expected = {
        row["grade"]: row["row_count"]
        for row in facts.grade_calibration
        if row["split"] == TRAIN_OOF
    }
    actual = {
        row["grade"]: row["row_count"]
        for row in facts.placed_grades
        if row["split"] == split
    }
    shift = population_shift(
        [expected.get(grade, 0) for grade in grades],
        [actual.get(grade, 0) for grade in grades],
    )
    return {
        "to": f"{split} snapshot",
        "rows": sum(actual.values()),
        "psi": shift.index,
        "noise": shift.noise,
        "shift": shift.verdict,
    }


def _feature_shift(facts: Facts, feature: str) -> Row:
    actual = {
        row["bin_index"]: row["row_count"]
        for row in facts.bins
        if (row["feature"], row["split"]) == (feature, SCORE)
    }
    points = facts.points_of(feature)
    shift = population_shift(
        [row["row_count"] for row in points],
        [actual.get(row["bin_index"], 0) for row in points],
    )
    return {
        "feature": feature,
        "psi": shift.index,
        "noise": shift.noise,
        "shift": shift.verdict,
    }
