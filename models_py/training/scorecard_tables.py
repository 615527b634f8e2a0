"""From a fitted and calibrated card to the rows of the model's tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from training.binning import FeatureBins
from training.contract import Grade
from training.model_tables import ModelTables, Row
from training.rating import (
    merged_where_not_rising,
    policy_cutoff,
    rating_scale,
    warn_of_scale,
)
from training.regression import Calibration
from training.scorecard import Floats
from training.scorecard_fit import ScorecardFit
from training.settings import ScorecardPolicy


@dataclass(frozen=True)
class Target:
    """What the card was trained to tell apart, and with which parameters."""

    target_name: str
    label_source: str
    parameters_hash: str


def build_tables(
    fit: ScorecardFit,
    *,
    calibration: Calibration,
    out_of_fold_log_odds: Floats,
    out_of_fold_target: npt.NDArray[np.bool_],
    grades: Sequence[Grade],
    policy: ScorecardPolicy,
    target: Target,
) -> ModelTables:
    """Fold the calibration into the points and cut the grades.

    points = offset / n + factor * (-(coefficient * WoE) - intercept / n), so the
    points of the n features sum to offset + factor * ln(good:bad odds).

    Parameters
    ----------
    out_of_fold_log_odds : array of shape (train rows,)
        Uncalibrated; the grades are cut on the scores they give.
    out_of_fold_target : array of shape (train rows,)
        Grades whose observed rates are not in their order are joined.
    """
    coefficients = [calibration.slope * c for c in fit.regression.coefficients.tolist()]
    intercept = float(calibration.apply(np.array(fit.regression.intercept)))
    features: list[Row] = []
    points: list[Row] = []
    for name, coefficient in zip(fit.selected, coefficients, strict=True):
        bins = fit.bins[name]
        earned = points_of(
            bins.woe,
            coefficient=coefficient,
            intercept=intercept,
            features=len(coefficients),
            policy=policy,
        )
        features.append(
            {
                "position": bins.feature.position,
                "feature": name,
                "reason_code": bins.feature.reason_code,
                "information_value": bins.information_value,
                "coefficient": coefficient,
                "reference_points": float(bins.rows @ earned / bins.rows.sum()),
            }
        )
        points += _bin_rows(bins, earned)
    scores = policy.offset - policy.factor * calibration.apply(out_of_fold_log_odds)
    scale = merged_where_not_rising(
        rating_scale(scores, grades), scores, out_of_fold_target
    )
    warn_of_scale(scale, scores, out_of_fold_target)
    scorecard = {
        "target_name": target.target_name,
        "label_source": target.label_source,
        "parameters_hash": target.parameters_hash,
        "points_to_double_odds": policy.points_to_double_odds,
        "reference_score": policy.reference_score,
        "reference_odds": policy.reference_odds,
        "score_factor": policy.factor,
        "score_offset": policy.offset,
        "intercept": intercept,
        "calibration_intercept": calibration.intercept,
        "calibration_slope": calibration.slope,
        "cutoff_score": policy_cutoff(scale),
        "score_shown_min": policy.score_shown_min,
        "score_shown_max": policy.score_shown_max,
        "reasons_at_most": policy.reasons_at_most,
    }
    return ModelTables(
        scorecard=scorecard, features=features, points=points, rating_scale=scale
    )


def points_of(
    woe: Floats,
    *,
    coefficient: float,
    intercept: float,
    features: int,
    policy: ScorecardPolicy,
) -> Floats:
    """Points of bins from their weights of evidence.

    Examples
    --------
    >>> policy = ScorecardPolicy()
    >>> earned = points_of(np.array([0.0, np.log(2)]), coefficient=-1.0,
    ...     intercept=-np.log(50), features=1, policy=policy)
    >>> [round(float(value), 6) for value in earned]
    [600.0, 620.0]
    """
    share = policy.offset / features
    return share + policy.factor * (-(coefficient * woe) - intercept / features)


def _bin_rows(bins: FeatureBins, earned: Floats) -> list[Row]:
    bounds = [None, *bins.edges, None]
    ranges: list[Mapping[str, Any]] = [
        {"bin_kind": "range", "lower": lower, "upper": upper, "categories": None}
        for lower, upper in pairwise(bounds)
    ]
    special = {"lower": None, "upper": None, "categories": None}
    categories: list[Mapping[str, Any]] = [
        {**special, "bin_kind": "category", "categories": list(group)}
        for group in bins.groups
    ]
    kinds: list[Mapping[str, Any]] = [{**special, "bin_kind": "missing"}]
    if bins.feature.is_numeric:
        kinds += ranges
    else:
        kinds += [*categories, {**special, "bin_kind": "other"}]
    return [
        {
            "feature": bins.feature.name,
            "bin_index": index,
            **kind,
            "row_count": int(bins.rows[index]),
            "event_count": int(bins.events[index]),
            "woe": float(bins.woe[index]),
            "points": float(earned[index]),
        }
        for index, kind in enumerate(kinds)
    ]
