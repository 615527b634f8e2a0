"""The scorecard: 26 feature values in, points, score, grade and reasons out."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Final

from api.bins import CategoryBins, FeatureValue, NumericBins, build_bins
from api.documents import BinRow, FeatureRow, GradeRow, ScorecardDocument

LOSS_DECIMALS: Final = 9


@dataclass(frozen=True, slots=True)
class ReasonLoss:
    """Points lost against the reference, summed over a reason code.

    Rounded to 9 decimals, as SQL does, so that no reason is the rest of a rounding.
    """

    code: str
    loss: float


@dataclass(frozen=True, slots=True)
class Score:
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
        Largest loss first, at most as many as the card says.
    """

    score: float
    score_shown: int
    proxy_probability: float
    is_high_risk: bool
    grade: str
    action: str
    reasons: tuple[ReasonLoss, ...]


@dataclass(frozen=True, slots=True)
class CardFeature:
    """A feature that carries points; ``index`` is its place in the contract."""

    index: int
    reason_code: str
    reference_points: float
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
        self._model = document.model
        self._features = [
            _card_feature(row, document.points) for row in self.contract if row.in_card
        ]
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
        points = [card.bins.points(values[card.index]) for card in self._features]
        score = total(points)
        grade = self._grades[bisect_right(self._grade_cuts, score)]
        log_odds = (score - self._model.score_offset) / self._model.score_factor
        return Score(
            score=score,
            score_shown=self._shown(score),
            proxy_probability=bad_probability(log_odds),
            is_high_risk=score < self._model.cutoff_score,
            grade=grade.grade,
            action=self._worst_allowed(grade.action),
            reasons=self._reasons(points),
        )

    def _shown(self, score: float) -> int:
        rounded = math.floor(score + 0.5)
        lowest, highest = self._model.score_shown_min, self._model.score_shown_max
        return min(max(rounded, lowest), highest)

    def _worst_allowed(self, action: str) -> str:
        # No automatic decline on a proxy, whatever the rating scale says.
        if self._model.label_source == "proxy" and action != "approve":
            return "refer"
        return action

    def _reasons(self, points: Sequence[float]) -> tuple[ReasonLoss, ...]:
        losses: dict[str, list[float]] = {}
        for card, of_card in zip(self._features, points, strict=True):
            losses.setdefault(card.reason_code, []).append(
                card.reference_points - of_card
            )
        ranked = sorted(
            (-round(total(lost), LOSS_DECIMALS), code) for code, lost in losses.items()
        )
        return tuple(
            ReasonLoss(code, -negative_loss)
            for negative_loss, code in ranked[: self._model.reasons_at_most]
            if negative_loss < 0
        )


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


def _card_feature(row: FeatureRow, points: Sequence[BinRow]) -> CardFeature:
    if row.reference_points is None:
        message = f"{row.name} is in the card without reference points"
        raise ValueError(message)
    return CardFeature(
        index=row.position - 1,
        reason_code=row.reason_code,
        reference_points=row.reference_points,
        bins=build_bins(
            row.name, row.kind, [r for r in points if r.feature == row.name]
        ),
    )


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
