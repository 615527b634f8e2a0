"""A candidate's answers for some rows, and what they are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.bootstrap import bootstrap, interval
from training.fitting import Frozen, Problem
from training.metrics import (
    WITH_INTERVAL,
    ErrorCosts,
    Metrics,
    Target,
    brier_score,
    decision_metrics,
    log_loss,
    rank_metrics,
)
from training.scorecard import Floats
from training.weighted import (
    RankedRows,
    Weights,
    decision_measures,
    probability_measures,
)


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


def resample(
    samples: Mapping[str, Sample], costs: ErrorCosts, *, resamples: int, seed: int
) -> dict[str, dict[str, Floats]]:
    """Measure every candidate on the same resampled customers.

    Parameters
    ----------
    samples
        By candidate, all of the same rows, at least one.

    Returns
    -------
    dict of dict of array of shape (resamples,)
        By candidate and measure; NaN where a resample does not define it.
    """
    first = next(iter(samples.values()))
    ranked = {n: RankedRows(sample.risk, first.target) for n, sample in samples.items()}
    drawn = bootstrap(
        lambda weights: {
            (name, measure): values
            for name, sample in samples.items()
            for measure, values in _weighted(
                sample, ranked[name], costs, weights
            ).items()
        },
        first.customers,
        resamples=resamples,
        seed=seed,
    )
    found: dict[str, dict[str, Floats]] = {name: {} for name in samples}
    for (name, measure), values in drawn.items():
        found[name][measure] = values
    return found


def _weighted(
    sample: Sample, ranked: RankedRows, costs: ErrorCosts, weights: Weights
) -> dict[str, Floats]:
    target, measured = sample.target, ranked.measures(weights)
    if sample.referred is not None:
        measured |= decision_measures(target, sample.referred, costs, weights)
    if sample.probability is not None:
        measured |= probability_measures(target, sample.probability, weights)
    return measured


def measure(
    sample: Sample, resampled: Mapping[str, Floats], costs: ErrorCosts
) -> Metrics:
    """Measure a sample of at least one row.

    Parameters
    ----------
    resampled : arrays of shape (resamples,)
        Measures on resampled customers: those that get an interval.
    """
    target, probability = sample.target, sample.probability
    measured: dict[str, Any] = rank_metrics(target, sample.risk)
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
        intervals={
            name: interval(resampled[name])
            for name in WITH_INTERVAL
            if name in resampled and measured[name] is not None
        },
        **measured,
    )
