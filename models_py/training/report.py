"""The end of a run as a person reads it."""

from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

import numpy as np

from training.calibration import LINEAR, CalibrationMetrics
from training.candidates import CHALLENGER, SCORECARD
from training.card.alarms import HELD_OUT, calibration_alarms
from training.card.causes import ONE_CLASS
from training.card.price import said_behind, shown_price
from training.comparisons import Comparison
from training.evaluation import Evaluation
from training.grade_calibration import GradeCalibration
from training.metrics import NO_INTERVAL, Metrics
from training.splits import TEST, TEST_UNSEEN, TRAIN_OOF

NOT_DEFINED = "-"
WIDTH = 100

Column = tuple[str, Callable[[Metrics], str]]


def summary_lines(evaluation: Evaluation) -> list[str]:
    """Write the gain over the best single column, then what was measured on test."""
    test = {name: by_split[TEST] for name, by_split in evaluation.metrics.items()}
    card = test[SCORECARD]
    lines = [
        gain_line(evaluation),
        "",
        f"On test ({card.row_count:,} rows, {card.event_rate:.1%} high risk;"
        " intervals 95 % by customer, differences paired):",
        *_ranking(evaluation, test),
        *_price_lines(evaluation),
        "",
        "At the policy's cut-off (type I approves a high risk, type II refers another"
        " customer; cost per row):",
        *_decisions(test),
    ]
    grades = evaluation.grades.get(TEST, ())
    if grades:
        calibration = evaluation.calibration
        lines += ["", "Calibration of the scorecard, by grade on test:"]
        lines += [*_grades(grades), *_lights(evaluation.grades)]
        lines += _calibration_lines(calibration)
    rows = evaluation.rows()
    alarms = calibration_alarms(rows["grade_calibration"], rows["calibration_metrics"])
    for alarm in alarms:
        lines += wrap(f"WARNING: {alarm}", WIDTH, subsequent_indent="  ")
    return lines


def gain_line(evaluation: Evaluation) -> str:
    """AUC of the card on test beside the best single column, and the difference."""
    card, gain = evaluation.metrics[SCORECARD][TEST], evaluation.gain
    if gain is None:
        return "Test has one class only: no AUC, and no gain over a single column."
    rival = evaluation.metrics[gain.column][TEST]
    spread = "" if gain.lower is None else f" [{gain.lower:+.3f}, {gain.upper:+.3f}]"
    return (
        f"Test AUC: scorecard {with_interval(card)}, best single column"
        f" {gain.column} {with_interval(rival)}, gain {gain.auc:+.3f}{spread}"
    )


def _ranking(evaluation: Evaluation, test: Mapping[str, Metrics]) -> list[str]:
    behind = {
        row.compared_with: row
        for row in evaluation.comparisons.get(TEST, ())
        if row.candidate == SCORECARD
    }
    header = f"{'candidate':<20} {'AUC':<20} {'scorecard is ahead by':<23}"
    header += f" {'Gini':>6} {'KS':>6} {'lift':>5} {'Brier':>6}"
    lines = [f"{header} {'unseen':>6} {'train':>6}"]
    for name, m in test.items():
        by_split = evaluation.metrics[name]
        row = f"{name:<20} {with_interval(m):<20} {ahead(behind.get(name)):<23}"
        row += f" {shown(m.gini):>6} {shown(m.ks):>6} {shown(m.lift, 2):>5}"
        row += f" {shown(m.brier):>6} {auc_of(by_split, TEST_UNSEEN):>6}"
        lines.append(f"{row} {auc_of(by_split, TRAIN_OOF):>6}")
    return [
        *lines,
        "unseen, train: AUC of customers in no train snapshot, and out of fold; more"
        " splits, snapshots, segments: schema model",
        *_search_lines(evaluation),
    ]


def _price_lines(evaluation: Evaluation) -> list[str]:
    """Gini that the card gives up against the challenger, on every split."""
    rows = [
        row
        for row in evaluation.rows()["candidate_comparisons"]
        if (row["candidate"], row["compared_with"]) == (SCORECARD, CHALLENGER)
    ]
    by_split = ", ".join(
        f"{row['split']} {shown_price(row, ONE_CLASS)}" for row in rows
    )
    said = f"Gini of the scorecard minus XGBoost: {by_split}. {said_behind(rows)}"
    return wrap(said, WIDTH) if rows else []


def _search_lines(evaluation: Evaluation) -> list[str]:
    """Say of the AUC out of fold that it was chosen, and what it is otherwise."""
    found = {
        name: by_split[TRAIN_OOF]
        for name, by_split in evaluation.metrics.items()
        if TRAIN_OOF in by_split and by_split[TRAIN_OOF].trials is not None
    }
    if not found:
        return []
    corrected = ", ".join(
        f"{name} {shown(m.roc_auc_corrected)} (of {m.trials})"
        for name, m in found.items()
    )
    return wrap(
        "train is the highest AUC of all trials of the search, and so too high;"
        f" corrected for that choice: {corrected}",
        WIDTH,
    )


def _decisions(test: Mapping[str, Metrics]) -> list[str]:
    columns: Sequence[Column] = (
        ("approved", lambda m: shown(m.approval_rate)),
        ("accuracy", lambda m: shown(m.accuracy)),
        ("precision", lambda m: shown(m.precision)),
        ("recall", lambda m: shown(m.recall)),
        ("F1", lambda m: shown(m.f1)),
        ("type I", lambda m: counted(m.false_negatives, m.type_1_error_rate)),
        ("type II", lambda m: counted(m.false_positives, m.type_2_error_rate)),
        ("cost", lambda m: shown(m.cost_of_errors)),
    )
    widths = {"type I": 13, "type II": 13}
    header = [f"{title:>{widths.get(title, 9)}}" for title, _ in columns]
    lines = [f"{'candidate':<20} {' '.join(header)}"]
    for name, metrics in test.items():
        cells = [f"{say(metrics):>{widths.get(title, 9)}}" for title, say in columns]
        lines.append(f"{name:<20} {' '.join(cells)}")
    return lines


def _grades(grades: Sequence[GradeCalibration]) -> list[str]:
    lines = [
        f"{'grade':<6} {'action':<8} {'rows':>7} {'predicted':>9} {'observed':>9}"
        f" {'binomial p':>10} {'Jeffreys p':>10} light"
    ]
    lines += [
        f"{g.grade:<6} {g.action:<8} {g.row_count:>7,} {shown(g.predicted):>9}"
        f" {shown(g.observed):>9} {shown(g.binomial_p_value):>10}"
        f" {shown(g.jeffreys_p_value):>10} {g.traffic_light or NOT_DEFINED}"
        for g in grades
    ]
    return lines


def _lights(by_split: Mapping[str, Sequence[GradeCalibration]]) -> list[str]:
    """Lights of the other held-out splits, one line each."""
    return [
        f"lights on {split}: "
        + ", ".join(f"{g.grade} {g.traffic_light or NOT_DEFINED}" for g in grades)
        for split in HELD_OUT[1:]
        if (grades := by_split.get(split))
    ]


def _calibration_lines(
    by_split: Mapping[str, Sequence[CalibrationMetrics]],
) -> list[str]:
    """Slope and intercept of the card: fitted on train, elsewhere only reported."""
    said = {TRAIN_OOF: "fitted out of fold", **{s: f"on {s}" for s in HELD_OUT}}
    return [
        f"{what}: slope {limits(row.slope, row.slope_lower, row.slope_upper)},"
        f" intercept {limits(row.intercept, row.intercept_lower, row.intercept_upper)}"
        for split, what in said.items()
        for row in by_split.get(split, ())
        if (row.candidate, row.method) == (SCORECARD, LINEAR)
    ]


def with_interval(metrics: Metrics) -> str:
    """AUC with its interval.

    Examples
    --------
    >>> with_interval(Metrics(row_count=9, event_rate=0.5, roc_auc=0.75,
    ...                       intervals={"roc_auc": (0.7, 0.8)}))
    '0.750 [0.700, 0.800]'
    """
    return limits(metrics.roc_auc, *metrics.intervals.get("roc_auc", NO_INTERVAL))


def limits(value: float | None, lower: float | None, upper: float | None) -> str:
    """Write a value with its interval, where it has one.

    Examples
    --------
    >>> limits(1.0, 0.9, 1.1), limits(1.0, None, None)
    ('1.000 [0.900, 1.100]', '1.000')
    """
    if lower is None or upper is None:
        return shown(value)
    return f"{shown(value)} [{shown(lower)}, {shown(upper)}]"


def ahead(comparison: Comparison | None) -> str:
    """AUC by which the card is ahead; nothing for the card itself."""
    if comparison is None:
        return ""
    difference = comparison.roc_auc_difference
    lower, upper = (
        comparison.roc_auc_difference_lower,
        comparison.roc_auc_difference_upper,
    )
    if difference is None or lower is None or upper is None:
        return NOT_DEFINED
    return f"{difference:+.3f} [{lower:+.3f}, {upper:+.3f}]"


def counted(count: int | None, rate: float | None) -> str:
    """Write a count with the rate it is.

    Examples
    --------
    >>> counted(12, 0.25)
    '12 (25.0%)'
    """
    return f"{count:,} ({rate:.1%})" if count is not None and rate is not None else "-"


def auc_of(by_split: Mapping[str, Metrics], split: str) -> str:
    """AUC on a split that may have no rows."""
    return shown(by_split[split].roc_auc) if split in by_split else NOT_DEFINED


def shown(value: float | None, decimals: int = 3) -> str:
    """Round to three decimals, or write a dash.

    Examples
    --------
    >>> shown(-0.0001), shown(2.294, 2), shown(None)
    ('0.000', '2.29', '-')
    """
    if value is None or np.isnan(value):
        return NOT_DEFINED
    return f"{round(value, decimals) + 0.0:.{decimals}f}"
