"""Segments part a split; rates and ratios by hand."""

from dataclasses import replace

import numpy as np
import pytest

from training.evaluation import Evaluation
from training.fitting import Problem
from training.segments import MISSING, REST, SegmentMetrics, pooled, with_impact_ratios
from training.splits import FOLD_0, TEST, TRAIN_OOF


def test_segments_part_each_split(evaluation: Evaluation) -> None:
    for split, rows in evaluation.segments.items():
        whole = evaluation.metrics["scorecard"][split]
        for name in {row.segment_name for row in rows}:
            parts = [
                r for r in rows if (r.segment_name, r.candidate) == (name, "scorecard")
            ]
            assert sum(r.row_count for r in parts) == whole.row_count
            for measure in ("event_rate", "approval_rate", "brier", "cost_of_errors"):
                mean = sum(r.row_count * getattr(r, measure) for r in parts)
                assert mean / whole.row_count == pytest.approx(getattr(whole, measure))
    assert {row.candidate for row in evaluation.segments[TEST]} == {
        *("scorecard", "xgboost"),
    }


def test_a_snapshot_is_a_segment(problem: Problem, evaluation: Evaluation) -> None:
    for split in (TRAIN_OOF, FOLD_0, TEST):
        dates = problem.examples.frame["snapshot_date"].iloc[problem.splits.rows[split]]
        found = {
            row.segment_value
            for row in evaluation.segments[split]
            if row.segment_name == "snapshot_date"
        }
        assert found == {date.strftime("%Y-%m-%d") for date in dates}
    (only,) = (
        row
        for row in evaluation.segments[TEST]
        if (row.segment_name, row.candidate) == ("snapshot_date", "scorecard")
    )
    whole = evaluation.metrics["scorecard"][TEST]
    lower, upper = whole.intervals["roc_auc"]
    assert (only.roc_auc, only.roc_auc_lower) == (whole.roc_auc, lower)
    assert only.roc_auc_upper == upper
    assert only.adverse_impact_ratio is None


def test_small_and_missing_categories_are_named() -> None:
    values = np.array(["a"] * 30 + [MISSING] * 31 + ["b"] * 29 + ["c"])
    names, counts = np.unique(pooled(values), return_counts=True)
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == {
        **{"a": 30, MISSING: 31, REST: 30},
    }


def test_the_impact_ratio_is_to_the_most_approved(evaluation: Evaluation) -> None:
    row = evaluation.segments[TEST][0]

    def segment(candidate: str, rows: int, rate: float) -> SegmentMetrics:
        return replace(row, candidate=candidate, row_count=rows, approval_rate=rate)

    rows = [
        segment("scorecard", 100, 0.5),
        segment("scorecard", 100, 0.8),
        # Too few to be the yardstick.
        segment("scorecard", 29, 1.0),
        segment("xgboost", 100, 0.4),
    ]
    ratios = [r.adverse_impact_ratio for r in with_impact_ratios(rows)]
    assert ratios == [0.625, 1.0, 1.25, 1.0]
