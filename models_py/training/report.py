"""The end of a run as a person reads it."""

from collections.abc import Mapping

import numpy as np

from training.candidates import SCORECARD
from training.evaluation import Evaluation
from training.metrics import Metrics
from training.splits import TEST, TEST_UNSEEN, TRAIN_OOF

NOT_DEFINED = "-"


def summary_lines(evaluation: Evaluation) -> list[str]:
    """Write the gain over the best single column, then a line per candidate."""
    lines = [gain_line(evaluation), ""]
    header = f"{'candidate':<20} {'test AUC':<22} {'Gini':>6} {'KS':>6} {'Brier':>6}"
    lines.append(
        f"{header} {'prec.':>6} {'recall':>6} {'unseen AUC':>11} {'train AUC*':>11}"
    )
    for name, by_split in evaluation.metrics.items():
        test = by_split[TEST]
        row = f"{name:<20} {with_interval(test):<22} {shown(test.gini):>6}"
        row += f" {shown(test.ks):>6} {shown(test.brier):>6} {shown(test.precision):>6}"
        row += f" {shown(test.recall):>6} {auc_of(by_split, TEST_UNSEEN):>11}"
        lines.append(f"{row} {auc_of(by_split, TRAIN_OOF):>11}")
    test = evaluation.metrics[SCORECARD][TEST]
    lines.append(
        f"* out of fold. Test: {test.row_count:,} rows,"
        f" {test.event_rate:.1%} high risk; intervals 95 % by customer."
    )
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


def with_interval(metrics: Metrics) -> str:
    """AUC with its interval.

    Examples
    --------
    >>> with_interval(Metrics(row_count=9, event_rate=0.5, roc_auc=0.75,
    ...                       roc_auc_lower=0.7, roc_auc_upper=0.8))
    '0.750 [0.700, 0.800]'
    """
    if metrics.roc_auc_lower is None or metrics.roc_auc_upper is None:
        return shown(metrics.roc_auc)
    limits = f"[{metrics.roc_auc_lower:.3f}, {metrics.roc_auc_upper:.3f}]"
    return f"{shown(metrics.roc_auc)} {limits}"


def auc_of(by_split: Mapping[str, Metrics], split: str) -> str:
    """AUC on a split that may have no rows."""
    return shown(by_split[split].roc_auc) if split in by_split else NOT_DEFINED


def shown(value: float | None) -> str:
    """Three decimals, or a dash."""
    return NOT_DEFINED if value is None or np.isnan(value) else f"{value:.3f}"
