"""Parts of a split, measured alone: snapshots, and categories of the features."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from training.bootstrap import bootstrap_auc
from training.fitting import Problem
from training.measuring import Sample, measure
from training.metrics import NO_INTERVAL

SNAPSHOT = "snapshot_date"
MISSING, REST = "(missing)", "(rest)"
# A rate of fewer rows says nothing that should be acted on.
ROWS_AT_LEAST = 30


@dataclass(frozen=True)
class SegmentMetrics:
    """A row of model.segment_metrics."""

    candidate: str
    segment_name: str
    segment_value: str
    row_count: int
    event_rate: float
    predicted: float | None
    roc_auc: float | None
    roc_auc_lower: float | None
    roc_auc_upper: float | None
    gini: float | None
    ks: float | None
    brier: float | None
    log_loss: float | None
    approval_rate: float | None
    adverse_impact_ratio: float | None
    type_1_error_rate: float | None
    type_2_error_rate: float | None
    cost_of_errors: float | None


def measure_segments(
    problem: Problem, split: str, samples: Mapping[str, Sample]
) -> list[SegmentMetrics]:
    """Measure each candidate in each segment of a split.

    Parameters
    ----------
    samples
        By candidate, all of the rows of `split`.
    """
    rows: list[SegmentMetrics] = []
    if not samples:
        return rows
    for name, values in _segments(problem, split):
        measured = [
            row
            for value in np.unique(values).tolist()
            for row in _measure(problem, name, value, values == value, samples)
        ]
        rows += measured if name == SNAPSHOT else with_impact_ratios(measured)
    return rows


def _segments(
    problem: Problem, split: str
) -> Iterator[tuple[str, npt.NDArray[np.str_]]]:
    """Value of each row, by name of the segmentation."""
    frame = problem.examples.frame.iloc[problem.splits.rows[split]]
    yield SNAPSHOT, frame[SNAPSHOT].dt.strftime("%Y-%m-%d").to_numpy(dtype=str)
    for feature in problem.examples.features:
        if not feature.is_numeric:
            column = frame[feature.name].fillna(MISSING)
            yield feature.name, pooled(column.to_numpy(dtype=str))


def pooled(values: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """Name all values of fewer than 30 rows `(rest)`.

    Examples
    --------
    >>> np.unique(pooled(np.array(["a"] * 30 + ["b", "c"]))).tolist()
    ['(rest)', 'a']
    """
    names, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    named = np.where(counts < ROWS_AT_LEAST, REST, names.astype(object))
    return named.astype(str)[index]


def _measure(
    problem: Problem,
    name: str,
    value: str,
    chosen: npt.NDArray[np.bool_],
    samples: Mapping[str, Sample],
) -> Iterator[SegmentMetrics]:
    parts = {candidate: sample.part(chosen) for candidate, sample in samples.items()}
    first = next(iter(parts.values()))
    resampled = bootstrap_auc(
        first.target,
        {candidate: part.risk for candidate, part in parts.items()},
        first.customers,
        resamples=problem.settings.bootstrap_resamples,
        seed=problem.settings.seed,
    )
    for candidate, part in parts.items():
        metrics = measure(
            part, {"roc_auc": resampled[candidate]}, problem.examples.costs
        )
        lower, upper = metrics.intervals.get("roc_auc", NO_INTERVAL)
        probability = part.probability
        yield SegmentMetrics(
            candidate=candidate,
            segment_name=name,
            segment_value=value,
            row_count=metrics.row_count,
            event_rate=metrics.event_rate,
            predicted=None if probability is None else float(probability.mean()),
            roc_auc=metrics.roc_auc,
            roc_auc_lower=lower,
            roc_auc_upper=upper,
            gini=metrics.gini,
            ks=metrics.ks,
            brier=metrics.brier,
            log_loss=metrics.log_loss,
            approval_rate=metrics.approval_rate,
            adverse_impact_ratio=None,
            type_1_error_rate=metrics.type_1_error_rate,
            type_2_error_rate=metrics.type_2_error_rate,
            cost_of_errors=metrics.cost_of_errors,
        )


def with_impact_ratios(rows: list[SegmentMetrics]) -> list[SegmentMetrics]:
    """Approval rate of each segment over the highest of the same candidate.

    The four-fifths rule of the US Uniform Guidelines (29 CFR 1607.4 D) looks at
    ratios below 0.8. Segments of fewer than 30 rows are not compared with.
    """
    best: dict[str, float] = {}
    for row in rows:
        if row.approval_rate is not None and row.row_count >= ROWS_AT_LEAST:
            highest = best.get(row.candidate, 0.0)
            best[row.candidate] = max(highest, row.approval_rate)
    return [
        replace(row, adverse_impact_ratio=row.approval_rate / best[row.candidate])
        if row.approval_rate is not None and best.get(row.candidate, 0.0) > 0
        else row
        for row in rows
    ]
