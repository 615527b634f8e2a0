"""Fitting the scorecard: bins, selection, regression on weights of evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from training.binning import FeatureBins, fit_bins
from training.contract import Feature
from training.errors import TrainingError
from training.regression import LogisticFit, fit_logistic
from training.scorecard import Floats, Frame
from training.settings import ScorecardPolicy

Target = npt.NDArray[np.bool_]

IN_CARD = "in the card"
CONSTANT = "constant or missing in all train rows"
ONE_BIN = "one bin only"
BELOW_FLOOR = "information value below the floor"
CORRELATED = "correlated with a better feature"
WRONG_SIGN = "coefficient of the wrong sign"
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Outcome:
    """Why a feature is in the card or not, with what was measured on the way.

    `correlation` is that of its weights of evidence with those of `correlated_with`,
    `coefficient` that of the last regression it was in, before calibration.
    """

    reason: str
    correlated_with: str | None = None
    correlation: float | None = None
    coefficient: float | None = None


@dataclass(frozen=True)
class ScorecardFit:
    """Bins of every feature, the features of the card, their regression.

    `outcomes` says for every feature of the contract why it is or is not in.
    """

    bins: Mapping[str, FeatureBins]
    selected: tuple[str, ...]
    regression: LogisticFit
    outcomes: Mapping[str, Outcome]

    def weights(self, frame: Frame) -> Floats:
        """Weights of evidence, shape (rows, selected features)."""
        return np.column_stack(
            [self.bins[name].weight(frame[name]) for name in self.selected]
        )

    def log_odds(self, frame: Frame) -> Floats:
        """Uncalibrated log odds of bad, shape (rows,)."""
        return self.regression.log_odds(self.weights(frame))


class ScorecardEstimator:
    """The scorecard as a candidate among others: fit, then predict.

    Examples
    --------
    >>> feature = Feature(1, "recency_days", "numeric", "ascending", "R01")
    >>> frame = {"recency_days": np.arange(100.0)}
    >>> estimator = ScorecardEstimator(features=[feature], policy=ScorecardPolicy())
    >>> estimator = estimator.fit(frame, np.arange(100) % 10 < np.arange(100) / 10)
    >>> estimator.fitted.selected
    ('recency_days',)
    """

    def __init__(
        self,
        *,
        features: Sequence[Feature],
        policy: ScorecardPolicy,
        unstable: Mapping[str, str] = NOTHING,
    ) -> None:
        self.features = tuple(features)
        self.policy = policy
        self.unstable = unstable
        self.fitted: ScorecardFit

    def fit(self, frame: Frame, target: Target) -> "ScorecardEstimator":
        """Fit on a frame of the features and target of shape (rows,).

        Raises
        ------
        TrainingError
            If no feature tells any two rows apart.
        """
        self.fitted = fit_scorecard(
            frame, target, self.features, self.policy, self.unstable
        )
        return self

    def log_odds(self, frame: Frame) -> Floats:
        """Uncalibrated log odds of bad, shape (rows,)."""
        return self.fitted.log_odds(frame)

    def predict_proba(self, frame: Frame) -> Floats:
        """Uncalibrated probabilities of good and bad, shape (rows, 2)."""
        bad = 1 / (1 + np.exp(-self.log_odds(frame)))
        return np.column_stack([1 - bad, bad])


def fit_scorecard(
    frame: Frame,
    target: Target,
    features: Sequence[Feature],
    policy: ScorecardPolicy,
    unstable: Mapping[str, str] = NOTHING,
) -> ScorecardFit:
    """Bin, select by information, stability and correlation, regress, drop wrong signs.

    Parameters
    ----------
    unstable
        Why a feature is ruled out, by name.
    """
    bins = {f.name: fit_bins(f, frame[f.name], target, policy) for f in features}
    outcomes: dict[str, Outcome] = {}
    ranked = _stable(_by_information(bins, policy, outcomes), unstable, outcomes)
    kept = _uncorrelated(ranked, bins, frame, policy, outcomes)
    selected, regression = _right_signs(kept, bins, frame, target, outcomes)
    coefficients = regression.coefficients.tolist()
    for name, coefficient in zip(selected, coefficients, strict=True):
        outcomes[name] = Outcome(IN_CARD, coefficient=coefficient)
    return ScorecardFit(
        bins=bins,
        selected=tuple(selected),
        regression=regression,
        outcomes={feature.name: outcomes[feature.name] for feature in features},
    )


def _by_information(
    bins: Mapping[str, FeatureBins],
    policy: ScorecardPolicy,
    outcomes: dict[str, Outcome],
) -> list[str]:
    """Names by information value, highest first, above the floor."""
    for name, b in bins.items():
        outcomes[name] = Outcome(CONSTANT if b.is_constant else ONE_BIN)
    ranked = sorted(
        (name for name, b in bins.items() if b.tells_apart),
        key=lambda name: (-round(bins[name].information_value, 9), name),
    )
    if not ranked:
        raise TrainingError(
            "no feature of marts.fct_training_examples tells train rows apart: all are"
            " constant, missing or without relation to the label"
        )
    floor = policy.minimum_information_value
    above = [name for name in ranked if bins[name].information_value >= floor]
    outcomes |= dict.fromkeys(ranked, Outcome(BELOW_FLOOR))
    return above or ranked[:1]


def _stable(
    ranked: Sequence[str], unstable: Mapping[str, str], outcomes: dict[str, Outcome]
) -> list[str]:
    """Drop what moved between snapshots, unless nothing would be left."""
    outcomes |= {name: Outcome(unstable[name]) for name in ranked if name in unstable}
    return [name for name in ranked if name not in unstable] or list(ranked[:1])


def _uncorrelated(
    ranked: Sequence[str],
    bins: Mapping[str, FeatureBins],
    frame: Frame,
    policy: ScorecardPolicy,
    outcomes: dict[str, Outcome],
) -> list[str]:
    """Of two features whose weights move together the better one stays."""
    standard = {}
    for name in ranked:
        weights = bins[name].weight(frame[name])
        standard[name] = (weights - weights.mean()) / weights.std()
    kept: list[str] = []
    for name in ranked:
        for other in kept:
            correlation = float(np.mean(standard[name] * standard[other]))
            if abs(correlation) > policy.maximum_correlation:
                outcomes[name] = Outcome(CORRELATED, other, correlation)
                break
        else:
            kept.append(name)
    return kept


def _right_signs(
    kept: Sequence[str],
    bins: Mapping[str, FeatureBins],
    frame: Frame,
    target: Target,
    outcomes: dict[str, Outcome],
) -> tuple[list[str], LogisticFit]:
    """Regress; the worst coefficient that is not negative leaves, until none is.

    More evidence of good must never cost points.
    """
    names = sorted(kept, key=lambda name: bins[name].feature.position)
    columns = {name: bins[name].weight(frame[name]) for name in names}
    while True:
        matrix = np.column_stack([columns[name] for name in names])
        fit = fit_logistic(matrix, target)
        worst = int(np.argmax(fit.coefficients))
        if fit.coefficients[worst] < 0 or len(names) == 1:
            return names, fit
        outcomes[names[worst]] = Outcome(
            WRONG_SIGN, coefficient=float(fit.coefficients[worst])
        )
        del names[worst]
