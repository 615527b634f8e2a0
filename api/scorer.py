"""The scorecard: 26 feature values in, points, score, grade and reasons out."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Final, Literal

from msgspec import Struct

from api.bins import CategoryBins, FeatureValue, NumericBins, build_bins
from api.documents import FeatureRow, GradeRow, ScorecardDocument
from api.policy import Policy

LOSS_DECIMALS: Final = 9
# By reason code: the places of its features in the card, and their reference points.
References = Sequence[tuple[str, Sequence[tuple[int, float]]]]


class ReasonLoss(Struct, frozen=True):
    """Points lost against the reference, summed over a reason code.

    Rounded to 9 decimals, as SQL does, so that no reason is the rest of a rounding.
    """

    code: str
    loss: float


class Score(Struct, frozen=True):
    """All that the scorecard says about one vector of features.

    Attributes
    ----------
    score
        Unrounded sum of points.
    score_shown
        Rounded half up, clipped to the range of the card.
    proxy_probability
        Of high risk, between 0 and 1.
    is_high_risk
        Whether the score is below the policy cut-off.
    grade, action
        Of the rating scale.
    reasons
        Largest loss first, at most as many as the card says; at least one where the
        action is not to approve.
    reason_reference
        What they are measured against: the mean of the training rows, or an applicant
        at the cut-off.
    points
        Of each feature of the card, in order.
    """

    score: float
    score_shown: int
    proxy_probability: float
    is_high_risk: bool
    grade: str
    action: str
    reasons: tuple[ReasonLoss, ...]
    reason_reference: Literal["training_mean", "cutoff"]
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CardFeature:
    """A feature that carries points; ``index`` is its place in the contract.

    ``cutoff_points`` are those of an applicant whose score is the cut-off, and who
    lies between the mean and the best in the same proportion on every feature.
    """

    name: str
    index: int
    reason_code: str
    reference_points: float
    cutoff_points: float
    bins: NumericBins | CategoryBins


class Scorecard:
    """Scores vectors of feature values in contract order.

    Parameters
    ----------
    document
        ``scorecard.json`` of a release.

    Attributes
    ----------
    contract
        The features in order.
    categories
        Values of each categorical feature in the order of their codes.
    feature_names, card_features
        Names of all features, and of those that carry points, in order.
    reasons_at_most
        Most reasons that are given.
    policy
        What follows from a score.

    Raises
    ------
    ValueError
        If bins or grades leave a gap, or positions are not 1, 2, ...
    """

    def __init__(self, document: ScorecardDocument) -> None:
        self.contract: tuple[FeatureRow, ...] = tuple(document.features)
        if [row.position for row in self.contract] != [
            *range(1, len(self.contract) + 1)
        ]:
            message = "the features of the scorecard are not in contract order"
            raise ValueError(message)
        self.categories = document.categories
        self.feature_names = tuple(row.name for row in self.contract)
        self.reasons_at_most = document.model.reasons_at_most
        self.policy = Policy(document)
        self._model = document.model
        self._features = _card_features(document)
        self.card_features = tuple(card.name for card in self._features)
        self._points = [(card.index, card.bins.points) for card in self._features]
        self._against_mean = _references(
            self._features, lambda card: card.reference_points
        )
        self._against_cutoff = _references(
            self._features, lambda card: card.cutoff_points
        )
        self._grade_cuts, self._grades = _ascending_grades(document.rating_scale)
        self._coded = [
            (row.position - 1, document.categories[row.name])
            for row in self.contract
            if row.kind == "categorical"
        ]

    def unpack(self, vector: Sequence[float | None]) -> list[FeatureValue]:
        """Turn a packed vector of a release into feature values.

        Parameters
        ----------
        vector
            26 numbers in contract order; a category is its code.
        """
        values: list[FeatureValue] = list(vector)
        for index, categories in self._coded:
            code = vector[index]
            if code is not None:
                values[index] = categories[int(code)]
        return values

    def score(self, values: Sequence[FeatureValue]) -> Score:
        """Score one vector of feature values in contract order.

        ``proxy_probability`` is 1 / (1 + exp((score - offset) / factor)), the
        inverse of score = offset + factor * ln(good:bad odds).
        """
        points = tuple([points_of(values[i]) for i, points_of in self._points])
        score = total(points)
        grade = self._grades[bisect_right(self._grade_cuts, score)]
        action = self.policy.action(grade.action)
        reasons = self._reasons(points, self._against_mean)
        # Somebody who is better than the mean on everything can still be below the
        # cut-off, and is owed a reason.
        at_cutoff = not reasons and action != "approve"
        log_odds = (score - self._model.score_offset) / self._model.score_factor
        return Score(
            score=score,
            score_shown=self._shown(score),
            proxy_probability=bad_probability(log_odds),
            is_high_risk=self.policy.is_high_risk(score),
            grade=grade.grade,
            action=action,
            reasons=self._reasons_at_cutoff(points) if at_cutoff else reasons,
            reason_reference="cutoff" if at_cutoff else "training_mean",
            points=points,
        )

    def _reasons_at_cutoff(self, points: Sequence[float]) -> tuple[ReasonLoss, ...]:
        """At least one, whatever rounding leaves of it."""
        reasons = self._reasons(points, self._against_cutoff)
        return reasons or _ranked(_losses(points, self._against_cutoff))[:1]

    def _shown(self, score: float) -> int:
        rounded = math.floor(score + 0.5)
        lowest, highest = self._model.score_shown_min, self._model.score_shown_max
        return min(max(rounded, lowest), highest)

    def _reasons(
        self, points: Sequence[float], references: References
    ) -> tuple[ReasonLoss, ...]:
        # Most lose nothing, and a rounding takes half a microsecond.
        lost = [loss for loss in _losses(points, references) if loss[0] > 0]
        ranked = _ranked(lost)[: self.reasons_at_most]
        return tuple([reason for reason in ranked if reason.loss > 0])


def _references(
    features: Sequence[CardFeature], reference: Callable[[CardFeature], float]
) -> References:
    places: dict[str, list[tuple[int, float]]] = {}
    for place, card in enumerate(features):
        places.setdefault(card.reason_code, []).append((place, reference(card)))
    return [*places.items()]


def _losses(points: Sequence[float], references: References) -> list[tuple[float, str]]:
    losses = []
    for code, places in references:
        lost = 0.0
        for place, expected in places:
            lost += expected - points[place]
        losses.append((lost, code))
    return losses


def _ranked(losses: Sequence[tuple[float, str]]) -> tuple[ReasonLoss, ...]:
    """Round losses as SQL does, largest first, ties by code."""
    ranked = sorted([(-round(lost, LOSS_DECIMALS), code) for lost, code in losses])
    return tuple([ReasonLoss(code, 0.0 - negative) for negative, code in ranked])


def total(points: Iterable[float]) -> float:
    """Add from left to right, as SQL does; `sum` compensates from Python 3.12 on.

    Examples
    --------
    >>> total([0.1] * 10)
    0.9999999999999999
    """
    return reduce(add, points, 0.0)


def bad_probability(log_odds: float) -> float:
    """Return the probability of 'bad' from log good:bad odds, without overflow.

    Examples
    --------
    >>> bad_probability(0.0), bad_probability(1e6), bad_probability(-1e6)
    (0.5, 0.0, 1.0)
    """
    if log_odds > 0:
        shrunk = math.exp(-log_odds)
        return shrunk / (1.0 + shrunk)
    return 1.0 / (1.0 + math.exp(log_odds))


def _card_features(document: ScorecardDocument) -> list[CardFeature]:
    rows = [row for row in document.features if row.in_card]
    bins = [
        build_bins(
            row.name, row.kind, [r for r in document.points if r.feature == row.name]
        )
        for row in rows
    ]
    means, best = [], []
    for row in rows:
        if row.reference_points is None:
            message = f"{row.name} is in the card without reference points"
            raise ValueError(message)
        means.append(row.reference_points)
        best.append(max(r.points for r in document.points if r.feature == row.name))
    to_best = total(best) - total(means)
    to_cutoff = document.model.cutoff_score - total(means)
    share = to_cutoff / to_best if to_best > 0 else 0.0
    return [
        CardFeature(
            name=row.name,
            index=row.position - 1,
            reason_code=row.reason_code,
            reference_points=mean,
            cutoff_points=mean + share * (highest - mean),
            bins=of_feature,
        )
        for row, of_feature, mean, highest in zip(rows, bins, means, best, strict=True)
    ]


def _ascending_grades(
    scale: Sequence[GradeRow],
) -> tuple[list[float], list[GradeRow]]:
    grades = sorted(
        scale, key=lambda row: -math.inf if row.lower is None else row.lower
    )
    cuts = [row.lower for row in grades[1:] if row.lower is not None]
    if (
        not grades
        or grades[0].lower is not None
        or grades[-1].upper is not None
        or [row.upper for row in grades[:-1]] != cuts
        or any(left >= right for left, right in pairwise(cuts))
    ):
        message = "the grades of the rating scale do not partition the scores"
        raise ValueError(message)
    return cuts, grades
