"""Why each feature is in the card or not: for the log, and as rows of a report."""

import logging
from dataclasses import asdict

from training.model_tables import Row
from training.scorecard_fit import CONSTANT, ScorecardFit
from training.settings import ScorecardPolicy
from training.stability import Shift, Stability

logger = logging.getLogger(__name__)

# Deletes every event outside a snapshot's window and rebuilds its features.
LEAK_TEST = "tests/integration/test_point_in_time.py"
NOT_ASSESSED, STABLE, MOVED = "not assessed", "stable", "moved"


def selection_rows(
    fit: ScorecardFit, stability: Stability, policy: ScorecardPolicy
) -> list[Row]:
    """Rows of model.feature_selection, all but model_version: one per feature.

    They hold what a validator asks of each feature of the contract, in the card or not.
    """
    rows: list[Row] = []
    for name, outcome in fit.outcomes.items():
        bins, shift = fit.bins[name], stability.shifts.get(name)
        rows.append(
            {
                "position": bins.feature.position,
                "feature": name,
                "is_selected": name in fit.selected,
                **asdict(outcome),
                "information_value": bins.information_value,
                "information_value_flag": suspicion(bins.information_value, policy),
                "stability": _verdict(shift, stability.limit),
                "stability_index": None if shift is None else shift.index,
                "stability_noise": None if shift is None else shift.noise,
                "binning_fallback": bins.fallback,
            }
        )
    return rows


def _verdict(shift: Shift | None, limit: float) -> str:
    if shift is None:
        return NOT_ASSESSED
    return MOVED if shift.is_beyond(limit) else STABLE


def suspicion(information_value: float, policy: ScorecardPolicy) -> str | None:
    """Say why a strong feature is no leak; None if it is not suspiciously strong.

    Examples
    --------
    >>> suspicion(0.49, ScorecardPolicy())
    >>> suspicion(0.6, ScorecardPolicy())
    'above 0.5, no leak: it knows nothing after its window (tests/integration/test_point_in_time.py)'
    """  # noqa: E501 # what it says is one line
    if information_value <= policy.suspect_information_value:
        return None
    return (
        f"above {policy.suspect_information_value:g}, no leak: it knows nothing after"
        f" its window ({LEAK_TEST})"
    )


def log_selection(
    fit: ScorecardFit, stability: Stability, policy: ScorecardPolicy
) -> None:
    """Say what a validator would ask about: fallbacks, constants, suspects, shifts."""
    for name, bins in fit.bins.items():
        if bins.fallback is not None:
            logger.warning("%s: optimal binning failed (%s)", name, bins.fallback)
        if bins.is_constant:
            logger.info("%s is %s: dropped", name, CONSTANT)
    suspects = [
        f"{name} {bins.information_value:.2f}"
        for name, bins in fit.bins.items()
        if suspicion(bins.information_value, policy)
    ]
    if suspects:
        logger.info(
            "information value above %.1f, kept and flagged, explained by %s: %s",
            policy.suspect_information_value,
            LEAK_TEST,
            ", ".join(suspects),
        )
    best = max(bins.information_value for bins in fit.bins.values())
    if best < policy.minimum_information_value:
        logger.warning(
            "no feature reaches information value %.2f: the card keeps the best, %s",
            policy.minimum_information_value,
            fit.selected[0],
        )
    logger.info("%s", stability.note)
    for name, why in stability.unstable.items():
        if name in fit.selected:
            logger.warning("%s is %s: kept, there is no other", name, why)
    logger.info(
        "features of the card (%d): %s", len(fit.selected), ", ".join(fit.selected)
    )
