"""Scoring from the model's tables alone: the Python side of SQL = Python = API.

Bins are [lower, upper); a missing value has its own bin, and a category that is
listed nowhere falls into Other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from training.model_tables import ModelTables, Row

LOSS_DECIMALS = 9

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


class Frame(Protocol):
    """Whatever gives an array of shape (rows,) for a feature's name.

    A pandas DataFrame, or a dict of lists.
    """

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 # a Series, a list
        """Return the values of a feature."""


@dataclass(frozen=True)
class Reason:
    """Points lost against a reference, summed by reason code.

    Rounded to 9 decimals, so that no reason is the rest of a rounding.
    """

    code: str
    loss: float


def range_index(values: npt.ArrayLike, edges: Sequence[float] | Floats) -> Indices:
    """Bin of each number: 0 missing, else 1 + number of edges at or below it.

    Parameters
    ----------
    values : array of shape (rows,)
        Numbers; None or NaN is missing.
    edges : array of shape (bins - 1,)
        Inner edges, ascending; a value on an edge belongs to the bin above it.

    Examples
    --------
    >>> range_index([None, 1.0, 2.0, 5.0], [2.0, 5.0]).tolist()
    [0, 1, 2, 3]
    """
    numbers = np.asarray(values, dtype=float)
    index = np.searchsorted(np.asarray(edges, dtype=float), numbers, side="right") + 1
    return np.where(np.isnan(numbers), 0, index)


def category_index(values: npt.ArrayLike, groups: Sequence[Sequence[str]]) -> Indices:
    """Bin of each text: 0 missing, 1..n its group, n + 1 if it is in none.

    Examples
    --------
    >>> category_index(["tv", None, "food", "?"], [["food"], ["air", "tv"]]).tolist()
    [2, 0, 1, 3]
    """
    known = {value: i for i, group in enumerate(groups, start=1) for value in group}
    other = len(groups) + 1
    return np.array(
        [
            known.get(v, other) if isinstance(v, str) else 0
            for v in np.asarray(values, dtype=object)
        ],
        dtype=np.intp,
    )


@dataclass(frozen=True)
class CardFeature:
    """One feature of the card: where its values fall and what each bin earns.

    `reference_points` are the mean of the training rows.
    """

    name: str
    reason_code: str
    reference_points: float
    points: Floats
    edges: Floats
    groups: tuple[tuple[str, ...], ...] | None

    @classmethod
    def from_rows(cls, feature: Row, bins: Sequence[Row]) -> "CardFeature":
        """Rebuild from its rows of scorecard_features and scorecard_points.

        Raises
        ------
        ValueError
            If the bins do not partition the line, or all categories.
        """
        name = feature["feature"]
        kinds = [row["bin_kind"] for row in bins]
        inner = bins[1:]
        edges: Floats = np.array([])
        groups = None
        if kinds == ["missing"] + ["range"] * len(inner):
            lowers = [row["lower"] for row in inner]
            uppers = [row["upper"] for row in inner]
            edges = np.array(lowers[1:], dtype=float)
            sound = bool(inner) and lowers[0] is None and uppers[-1] is None
            sound = (
                sound and lowers[1:] == uppers[:-1] and bool((np.diff(edges) > 0).all())
            )
        else:
            groups = tuple(tuple(row["categories"] or ()) for row in inner[:-1])
            sound = kinds == ["missing"] + ["category"] * len(groups) + ["other"]
            values = [value for group in groups for value in group]
            sound = sound and len(values) == len(set(values))
        if not sound or [row["bin_index"] for row in bins] != list(range(len(bins))):
            raise ValueError(f"the bins of {name} are no partition: {list(bins)}")
        return cls(
            name=name,
            reason_code=feature["reason_code"],
            reference_points=feature["reference_points"],
            points=np.array([row["points"] for row in bins], dtype=float),
            edges=edges,
            groups=groups,
        )

    def bin_index(self, values: npt.ArrayLike) -> Indices:
        """Bin of each value, shape (rows,)."""
        if self.groups is None:
            return range_index(values, self.edges)
        return category_index(values, self.groups)


class Scorecard:
    """Scores, probabilities, grades and reasons from `ModelTables`."""

    def __init__(self, tables: ModelTables) -> None:
        scale = tables.rating_scale
        self.model_version = tables.model_version
        self.features = tuple(
            CardFeature.from_rows(
                row, [b for b in tables.points if b["feature"] == row["feature"]]
            )
            for row in tables.features
        )
        self.factor: float = tables.scorecard["score_factor"]
        self.offset: float = tables.scorecard["score_offset"]
        self.cutoff_score: float = tables.scorecard["cutoff_score"]
        self._shown_min: int = tables.scorecard["score_shown_min"]
        self._shown_max: int = tables.scorecard["score_shown_max"]
        self._reasons_at_most: int = tables.scorecard["reasons_at_most"]
        self._grades = np.array([row["grade"] for row in scale][::-1], dtype=object)
        self._actions = np.array([row["action"] for row in scale][::-1], dtype=object)
        self._grade_edges = np.array(
            [row["lower"] for row in scale if row["lower"] is not None][::-1]
        )

    @property
    def grades_in_order(self) -> list[str]:
        """Grades of the card, the safest first."""
        return [str(grade) for grade in self._grades[::-1]]

    def points(self, frame: Frame) -> Floats:
        """Points by row and card feature, shape (rows, features)."""
        return np.column_stack(
            [f.points[f.bin_index(frame[f.name])] for f in self.features]
        )

    def score(self, frame: Frame) -> Floats:
        """Unrounded score, shape (rows,): the sum of the points."""
        return total(self.points(frame))

    def score_shown(self, score: Floats) -> npt.NDArray[np.int64]:
        """Score rounded half up and clipped to the card's range, shape (rows,)."""
        rounded = np.floor(score + 0.5)
        return np.clip(rounded, self._shown_min, self._shown_max).astype(np.int64)

    def proxy_probability(self, score: Floats) -> Floats:
        """Probability of the (proxy) bad outcome that belongs to a score."""
        with np.errstate(over="ignore"):
            return np.asarray(1 / (1 + np.exp((score - self.offset) / self.factor)))

    def high_risk(self, score: Floats) -> npt.NDArray[np.bool_]:
        """Whether the policy refers: the score is below the cut-off."""
        return np.asarray(score < self.cutoff_score)

    def grade(self, score: Floats) -> npt.NDArray[np.object_]:
        """Look up the grade of each score."""
        return self._grades[np.searchsorted(self._grade_edges, score, side="right")]

    def action(self, score: Floats) -> npt.NDArray[np.object_]:
        """Look up the action of each score: approve or refer."""
        return self._actions[np.searchsorted(self._grade_edges, score, side="right")]

    def reasons(self, frame: Frame) -> list[list[Reason]]:
        """Largest losses of each row, ties by code; the card says how many.

        They are measured against the mean of the training rows. Who is referred
        without any such loss is measured against an applicant at the cut-off, who
        lies between the mean and the best in the same proportion on every feature,
        and has one reason at least.
        """
        points = self.points(frame)
        means = np.array([feature.reference_points for feature in self.features])
        against_mean = self._ranked(points, means)
        against_cutoff = self._ranked(points, self._cutoff_points(means))
        is_approved = self.action(total(points)) == "approve"
        return [
            _lost(mean) or ([] if approved else _lost(cutoff) or cutoff[:1])
            for mean, cutoff, approved in zip(
                against_mean, against_cutoff, is_approved, strict=True
            )
        ]

    def _ranked(self, points: Floats, reference: Floats) -> list[list[Reason]]:
        """Losses of each row by code, gains too, the largest first."""
        codes = sorted({feature.reason_code for feature in self.features})
        losses = np.zeros((len(points), len(codes)))
        for column, feature in enumerate(self.features):
            lost = reference[column] - points[:, column]
            losses[:, codes.index(feature.reason_code)] += lost
        rounded = np.round(losses, LOSS_DECIMALS)
        order = np.argsort(-rounded, axis=1, kind="stable")[:, : self._reasons_at_most]
        return [
            [Reason(codes[c], float(row[c])) for c in best]
            for row, best in zip(rounded, order, strict=True)
        ]

    def _cutoff_points(self, means: Floats) -> Floats:
        best = np.array([feature.points.max() for feature in self.features])
        to_best = best.sum() - means.sum()
        share = (self.cutoff_score - means.sum()) / to_best if to_best > 0 else 0.0
        return np.asarray(means + share * (best - means))


def _lost(ranked: Sequence[Reason]) -> list[Reason]:
    return [reason for reason in ranked if reason.loss > 0]


def total(points: Floats) -> Floats:
    """Sum over features from left to right, as SQL adds them."""
    result = np.zeros(len(points))
    for column in points.T:
        result = result + column
    return result
