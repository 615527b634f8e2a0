"""Measuring frozen candidates, each split once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.bootstrap import bootstrap_auc, interval
from training.candidates import SCORECARD
from training.fitting import BASELINE_KIND, Frozen, Problem
from training.metrics import (
    Metrics,
    Target,
    brier_score,
    decision_metrics,
    rank_metrics,
)
from training.scorecard import Floats
from training.splits import TEST

logger = logging.getLogger(__name__)


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
    """Metrics by candidate and split; no gain without a card that has an AUC."""

    metrics: Mapping[str, Mapping[str, Metrics]]
    gain: Gain | None


def evaluate(problem: Problem, frozen: Mapping[str, Frozen]) -> Evaluation:
    """Measure every candidate on every split that has rows."""
    metrics: dict[str, dict[str, Metrics]] = {name: {} for name in frozen}
    resampled: dict[str, Mapping[str, Floats]] = {}
    customers = problem.examples.frame["customer_id"].to_numpy()
    for split, rows in problem.splits.rows.items():
        if not len(rows):
            logger.warning("split %s has no rows: nothing to report on it", split)
            continue
        target = problem.target_of(split)
        resampled[split] = bootstrap_auc(
            target,
            {name: f.risk(split) for name, f in frozen.items()},
            customers[rows],
            resamples=problem.settings.bootstrap_resamples,
            seed=problem.settings.seed,
        )
        for name, candidate in frozen.items():
            metrics[name][split] = _measure(
                candidate, split, target, resampled[split][name]
            )
    columns = [name for name, f in frozen.items() if f.kind == BASELINE_KIND]
    return Evaluation(metrics=metrics, gain=_gain(metrics, columns, resampled[TEST]))


def _gain(
    metrics: Mapping[str, Mapping[str, Metrics]],
    columns: Sequence[str],
    resampled: Mapping[str, Floats],
) -> Gain | None:
    card = metrics[SCORECARD][TEST].roc_auc if SCORECARD in metrics else None
    if card is None:
        return None
    aucs = {name: metrics[name][TEST].roc_auc or 0.0 for name in columns}
    best = max(aucs, key=lambda name: aucs[name])
    lower, upper = interval(resampled[SCORECARD] - resampled[best])
    return Gain(column=best, auc=card - aucs[best], lower=lower, upper=upper)


def _measure(
    candidate: Frozen, split: str, target: Target, resampled: Floats
) -> Metrics:
    referred = candidate.referred(split)
    probabilities = candidate.probabilities
    ranks = rank_metrics(target, candidate.risk(split))
    lower, upper = interval(resampled) if ranks["roc_auc"] is not None else (None, None)
    measured: dict[str, Any] = {
        **ranks,
        **({} if referred is None else decision_metrics(target, referred)),
    }
    return Metrics(
        row_count=len(target),
        event_rate=float(target.mean()),
        cutoff=candidate.cutoff,
        roc_auc_lower=lower,
        roc_auc_upper=upper,
        brier=brier_score(target, probabilities[split]) if probabilities else None,
        **measured,
    )
