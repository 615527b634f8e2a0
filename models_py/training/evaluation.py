"""Measuring frozen candidates, each split once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from training.bootstrap import bootstrap_auc, interval
from training.fitting import Frozen, Problem
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
class Evaluation:
    """Metrics by candidate and split, and the resampled AUCs on test."""

    metrics: Mapping[str, Mapping[str, Metrics]]
    resampled_test: Mapping[str, Floats]


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
    return Evaluation(metrics=metrics, resampled_test=resampled[TEST])


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
