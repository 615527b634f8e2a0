"""The same candidates under each design: what is measured is the design."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from training.auc import Auc, with_interval
from training.audit.designs import DESIGNS, Design, Drawn
from training.candidates import CANDIDATES, Context
from training.examples import Examples
from training.fitting import probability_of_bad
from training.metrics import Target
from training.scorecard import Floats
from training.settings import Settings

MOST_CUSTOMERS = 20_000


@dataclass(frozen=True)
class Part:
    """What one design says of each candidate.

    `share_seen` is the share of measured rows whose customer was fitted too,
    `missing` why there is no AUC.
    """

    design: str
    fitted_rows: int
    measured_rows: int
    measured_customers: int
    share_seen: float
    event_rate: float
    aucs: Mapping[str, Auc]
    missing: str | None = None


def sampled(examples: Examples, *, most: int, seed: int) -> Examples:
    """Keep at most so many customers, each with all of its rows."""
    customers = np.unique(examples.frame["customer_id"].to_numpy(dtype=str))
    if len(customers) <= most:
        return examples
    kept = np.random.default_rng(seed).choice(customers, most, replace=False)
    is_kept = examples.frame["customer_id"].isin(kept)
    return replace(examples, frame=examples.frame[is_kept].reset_index(drop=True))


def measure_designs(examples: Examples, settings: Settings) -> Iterator[Part | str]:
    """Fit and measure every candidate under every design.

    Parameters
    ----------
    examples
        The customers to study.
    settings
        Seed, device, policy of the scorecard and number of resamples.

    Yields
    ------
    str or Part
        The design and candidate that comes next, then, when all candidates of a
        design are measured, its part.
    """
    context = Context(
        features=examples.features,
        policy=settings.policy,
        seed=settings.seed,
        device=settings.device,
    )
    for name, design in DESIGNS.items():
        drawn = design.draw(examples, settings.seed)
        target = examples.frame[design.label].to_numpy(dtype=bool)
        part = _described(name, examples, drawn, target)
        if not (_has_both(target[drawn.fitted]) and _has_both(target[drawn.measured])):
            yield replace(part, missing=f"{design.label} has one class only")
            continue
        risks: dict[str, Floats] = {}
        frame = examples.frame[examples.feature_names]
        for candidate in CANDIDATES:
            yield f"{design.title}: {candidate}"
            estimator = CANDIDATES[candidate].estimator(context)
            estimator.fit(frame.iloc[drawn.fitted], target[drawn.fitted])
            risks[candidate] = probability_of_bad(estimator, frame.iloc[drawn.measured])
        yield replace(part, aucs=_aucs(risks, examples, drawn, design, settings))


def steps_of_designs() -> int:
    """How many candidates `measure_designs` names."""
    return len(DESIGNS) * len(CANDIDATES)


def _aucs(
    risks: Mapping[str, Floats],
    examples: Examples,
    drawn: Drawn,
    design: Design,
    settings: Settings,
) -> dict[str, Auc]:
    measured = examples.frame.iloc[drawn.measured]
    return with_interval(
        measured[design.label].to_numpy(dtype=bool),
        risks,
        measured["customer_id"].to_numpy(dtype=object),
        resamples=settings.bootstrap_resamples,
        seed=settings.seed,
    )


def _described(name: str, examples: Examples, drawn: Drawn, target: Target) -> Part:
    customers = examples.frame["customer_id"].to_numpy(dtype=object)
    measured = customers[drawn.measured]
    seen = np.isin(measured.astype(str), customers[drawn.fitted].astype(str))
    return Part(
        design=name,
        fitted_rows=len(drawn.fitted),
        measured_rows=len(drawn.measured),
        measured_customers=len(set(measured)),
        share_seen=float(seen.mean()) if len(seen) else 0.0,
        event_rate=float(target[drawn.measured].mean()) if len(measured) else 0.0,
        aucs={},
    )


def _has_both(target: Target) -> bool:
    return bool(target.any() and not target.all())
