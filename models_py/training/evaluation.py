"""Measuring frozen candidates, each split once; nothing is fitted to test here."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from training.bias_correction import corrected_auc
from training.calibration import CalibrationMetrics, measure_calibration
from training.candidates import CHALLENGER, SCORECARD
from training.comparisons import Comparison, compare, compare_all
from training.fitting import BASELINE_KIND, Frozen, Problem
from training.grade_calibration import GradeCalibration, calibrate_grades
from training.measuring import Sample, measure, resample, sample_of
from training.metrics import Metrics
from training.model_tables import Row
from training.scorecard import Floats
from training.segments import SegmentMetrics, measure_segments
from training.spaces import Trial
from training.splits import FOLD_0, TEST, TEST_UNSEEN, TRAIN_OOF

logger = logging.getLogger(__name__)

# Rows that the candidate which is measured on them has not been fitted to.
NOT_FITTED = (TRAIN_OOF, FOLD_0, TEST, TEST_UNSEEN)


@dataclass(frozen=True)
class Gain:
    """AUC of the scorecard on test minus that of the best single column.

    The interval is paired: both are measured on the same resampled customers. The
    column is the best on test itself, which can only cost the card.
    """

    column: str
    auc: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Evaluation:
    """What was measured, by split; no gain without a card that has an AUC.

    `metrics` are by candidate and split. Segments are of the scorecard and the
    challenger, grades of the scorecard.
    """

    metrics: Mapping[str, Mapping[str, Metrics]]
    gain: Gain | None
    comparisons: Mapping[str, Sequence[Comparison]] = field(default_factory=dict)
    segments: Mapping[str, Sequence[SegmentMetrics]] = field(default_factory=dict)
    calibration: Mapping[str, Sequence[CalibrationMetrics]] = field(
        default_factory=dict
    )
    grades: Mapping[str, Sequence[GradeCalibration]] = field(default_factory=dict)

    def rows(self) -> dict[str, list[Row]]:
        """Rows by table of schema model, all but candidate_metrics."""
        tables = {
            "candidate_comparisons": self.comparisons,
            "segment_metrics": self.segments,
            "calibration_metrics": self.calibration,
            "grade_calibration": self.grades,
        }
        return {
            table: [
                {"split": split, **asdict(row)}  # type: ignore[call-overload] # rows of one kind each
                for split, found in by_split.items()
                for row in found
            ]
            for table, by_split in tables.items()
        }


def evaluate(problem: Problem, frozen: Mapping[str, Frozen]) -> Evaluation:
    """Measure every candidate on every split that has rows."""
    metrics: dict[str, dict[str, Metrics]] = {name: {} for name in frozen}
    samples: dict[str, dict[str, Sample]] = {}
    resampled: dict[str, Mapping[str, Floats]] = {}
    for split, rows in problem.splits.rows.items():
        if not len(rows):
            logger.warning("split %s has no rows: nothing to report on it", split)
            continue
        samples[split] = {
            name: sample_of(problem, candidate, split)
            for name, candidate in frozen.items()
        }
        drawn = resample(
            samples[split],
            problem.examples.costs,
            resamples=problem.settings.bootstrap_resamples,
            seed=problem.settings.seed,
        )
        resampled[split] = {name: values["roc_auc"] for name, values in drawn.items()}
        for name, sample in samples[split].items():
            metrics[name][split] = measure(sample, drawn[name], problem.examples.costs)
    for name, tried in problem.trials.items():
        if name in metrics:
            found = metrics[name][TRAIN_OOF]
            metrics[name][TRAIN_OOF] = _corrected(problem, tried, found)
    columns = [name for name, f in frozen.items() if f.kind == BASELINE_KIND]
    fresh = {split: samples[split] for split in NOT_FITTED if split in samples}
    return Evaluation(
        metrics=metrics,
        gain=_gain(metrics, columns, resampled[TEST]),
        comparisons={
            split: compare_all(_of_split(metrics, split), resampled[split])
            for split in fresh
        },
        segments=_segments(problem, fresh),
        calibration=_calibration(frozen, fresh),
        grades=_grades(frozen, fresh),
    )


def _corrected(problem: Problem, tried: Sequence[Trial], found: Metrics) -> Metrics:
    """Add to the AUC of the best trial what it is without the luck of being it."""
    predicted = [trial.predicted for trial in tried if trial.predicted is not None]
    customers = problem.examples.frame["customer_id"].to_numpy()
    return replace(
        found,
        trials=len(tried),
        roc_auc_corrected=corrected_auc(
            problem.target_of(TRAIN_OOF),
            predicted,
            customers[problem.splits.rows[TRAIN_OOF]],
            resamples=problem.settings.bootstrap_resamples,
            seed=problem.settings.seed,
        ),
    )


def _of_split(
    metrics: Mapping[str, Mapping[str, Metrics]], split: str
) -> dict[str, Metrics]:
    return {name: by_split[split] for name, by_split in metrics.items()}


def _gain(
    metrics: Mapping[str, Mapping[str, Metrics]],
    columns: Sequence[str],
    resampled: Mapping[str, Floats],
) -> Gain | None:
    if SCORECARD not in metrics or metrics[SCORECARD][TEST].roc_auc is None:
        return None
    test = _of_split(metrics, TEST)
    best = max(columns, key=lambda name: test[name].roc_auc or 0.0)
    found = compare(SCORECARD, best, metrics=test, resampled=resampled)
    if found.roc_auc_difference is None:
        return None
    return Gain(
        column=best,
        auc=found.roc_auc_difference,
        lower=found.roc_auc_difference_lower,
        upper=found.roc_auc_difference_upper,
    )


def _segments(
    problem: Problem, fresh: Mapping[str, Mapping[str, Sample]]
) -> dict[str, list[SegmentMetrics]]:
    return {
        split: measure_segments(
            problem,
            split,
            {n: samples[n] for n in (SCORECARD, CHALLENGER) if n in samples},
        )
        for split, samples in fresh.items()
    }


def _calibration(
    frozen: Mapping[str, Frozen], fresh: Mapping[str, Mapping[str, Sample]]
) -> dict[str, list[CalibrationMetrics]]:
    found: dict[str, list[CalibrationMetrics]] = {split: [] for split in fresh}
    for name, candidate in frozen.items():
        by_split = {split: samples[name] for split, samples in fresh.items()}
        for split, row in measure_calibration(candidate, by_split):
            found[split].append(row)
    return found


def _grades(
    frozen: Mapping[str, Frozen], fresh: Mapping[str, Mapping[str, Sample]]
) -> dict[str, list[GradeCalibration]]:
    card = frozen.get(SCORECARD)
    if card is None or card.tables is None or card.probabilities is None:
        return {}
    return {
        split: calibrate_grades(
            card.tables.rating_scale,
            scores=card.values[split],
            probability=card.probabilities[split],
            target=samples[SCORECARD].target,
        )
        for split, samples in fresh.items()
    }
