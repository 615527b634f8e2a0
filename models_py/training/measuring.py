"""A candidate's answers for some rows, and what they are worth."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.bootstrap import interval
from training.fitting import Frozen, Problem
from training.metrics import (
    ErrorCosts,
    Metrics,
    Target,
    brier_score,
    decision_metrics,
    log_loss,
    rank_metrics,
)
from training.scorecard import Floats


@dataclass(frozen=True)
class Sample:
    """What happened to some rows and what a frozen candidate says of them.

    Attributes
    ----------
    target, customers : array of shape (rows,)
    risk : array of shape (rows,)
        High is risky.
    referred : array of shape (rows,), optional
        Whether the policy does not approve a row; None without a cut-off.
    probability : array of shape (rows,), optional
        Of high risk; None for a baseline.
    """

    target: Target
    customers: npt.NDArray[np.object_]
    risk: Floats
    cutoff: float | None
    referred: Target | None
    probability: Floats | None

    def part(self, chosen: npt.NDArray[np.bool_]) -> "Sample":
        """Keep the rows that are `chosen`."""
        return Sample(
            target=self.target[chosen],
            customers=self.customers[chosen],
            risk=self.risk[chosen],
            cutoff=self.cutoff,
            referred=None if self.referred is None else self.referred[chosen],
            probability=None if self.probability is None else self.probability[chosen],
        )


def sample_of(problem: Problem, candidate: Frozen, split: str) -> Sample:
    """Answers of a candidate for the rows of a split."""
    customers = problem.examples.frame["customer_id"].to_numpy()
    probabilities = candidate.probabilities
    return Sample(
        target=problem.target_of(split),
        customers=customers[problem.splits.rows[split]],
        risk=candidate.risk(split),
        cutoff=candidate.cutoff,
        referred=candidate.referred(split),
        probability=None if probabilities is None else probabilities[split],
    )


def measure(sample: Sample, resampled: Floats, costs: ErrorCosts) -> Metrics:
    """Measure a sample of at least one row.

    Parameters
    ----------
    resampled : array of shape (resamples,)
        Its AUC on resampled customers.
    """
    target, probability = sample.target, sample.probability
    measured: dict[str, Any] = rank_metrics(target, sample.risk)
    if measured["roc_auc"] is not None:
        lower, upper = interval(resampled)
        measured |= {"roc_auc_lower": lower, "roc_auc_upper": upper}
    if sample.referred is not None:
        measured |= decision_metrics(target, sample.referred, costs)
    if probability is not None:
        measured |= {
            "brier": brier_score(target, probability),
            "log_loss": log_loss(target, probability),
        }
    return Metrics(
        row_count=len(target),
        event_rate=float(target.mean()),
        cutoff=sample.cutoff,
        **measured,
    )
