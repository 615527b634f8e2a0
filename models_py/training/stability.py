"""Whether the features' distributions hold still over the train snapshots.

Asked without a look at the label, so that what is found may rule a feature out
before anything is fitted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.contract import Feature
from training.scorecard import Floats, Indices, category_index, range_index
from training.settings import ScorecardPolicy
from training.solver import quantile_splits

SNAPSHOTS_NEEDED = 3
CONFIDENCE = 0.95
EMPTY_CELL = 0.5


@dataclass(frozen=True)
class Shift:
    """The largest move of a feature: of one snapshot against the others.

    `noise` is what chance alone stays below in 95 of 100 cases.
    """

    snapshot: date
    index: float
    noise: float

    def is_beyond(self, limit: float) -> bool:
        """Whether the index is above the limit and above what chance explains."""
        return self.index > max(limit, self.noise)


@dataclass(frozen=True)
class Stability:
    """The shift of each feature; none where too few snapshots are independent."""

    snapshots: tuple[date, ...] = ()
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    limit: float = ScorecardPolicy.maximum_stability_index
    window_days: int = 0

    @property
    def is_assessed(self) -> bool:
        """Whether there were snapshots enough."""
        return len(self.snapshots) >= SNAPSHOTS_NEEDED

    @property
    def unstable(self) -> dict[str, str]:
        """Why a feature is ruled out, by name."""
        return {
            name: f"unstable: PSI {shift.index:.2f} at {shift.snapshot}"
            for name, shift in self.shifts.items()
            if shift.is_beyond(self.limit)
        }

    @property
    def note(self) -> str:
        """What was assessed, or why nothing was, in one line."""
        count = len(self.snapshots)
        if not self.is_assessed:
            return (
                f"stability not assessed: {count} train snapshot"
                f"{'' if count == 1 else 's'} at least {self.window_days} days apart,"
                f" {SNAPSHOTS_NEEDED} are needed"
            )
        return (
            f"stability assessed on {count} train snapshots from {self.snapshots[0]}"
            f" to {self.snapshots[-1]}: {len(self.unstable)} of {len(self.shifts)}"
            f" features moved beyond PSI {self.limit:g} and chance"
        )


def assess_stability(
    frame: pd.DataFrame,
    snapshots: npt.NDArray[np.object_],
    features: Sequence[Feature],
    policy: ScorecardPolicy,
    window_days: int,
) -> Stability:
    """Compare each train snapshot's distribution of a feature with the others'.

    Parameters
    ----------
    frame
        Features of the train rows.
    snapshots : array of dates of shape (rows,)
    window_days
        Of the longer window: snapshots nearer than that share transactions.
    """
    apart = non_overlapping(sorted(set(snapshots.tolist())), window_days)
    found = Stability(tuple(apart), {}, policy.maximum_stability_index, window_days)
    if not found.is_assessed:
        return found
    taken = np.isin(snapshots, np.array(apart, dtype=object))
    of = np.array([apart.index(day) for day in snapshots[taken]], dtype=np.intp)
    shifts = {}
    for feature in features:
        index = _coarse_bins(feature, frame[feature.name].to_numpy()[taken], policy)
        counts = np.zeros((len(apart), index.max() + 1))
        np.add.at(counts, (of, index), 1)
        moves = [
            Shift(day, *stability_index(counts.sum(axis=0) - one, one))
            for day, one in zip(apart, counts, strict=True)
        ]
        shifts[feature.name] = max(moves, key=lambda move: move.index)
    return Stability(found.snapshots, shifts, found.limit, window_days)


def non_overlapping(days: Sequence[date], window_days: int) -> list[date]:
    """Newest first, take each day that is a whole window from the one before.

    Examples
    --------
    >>> week = [date(2019, 1, 1 + 7 * i) for i in range(4)]
    >>> [day.day for day in non_overlapping(week, 14)]
    [8, 22]
    """
    taken: list[date] = []
    for day in sorted(days, reverse=True):
        if not taken or (taken[-1] - day).days >= window_days:
            taken.append(day)
    return taken[::-1]


def stability_index(expected: Floats, actual: Floats) -> tuple[float, float]:
    """Compute the population stability index of counts by bin, and its noise band.

    PSI = sum of (a - e) * ln(a / e) over shares. Without any change it follows
    (1/N + 1/M) times a chi-square of one degree less than there are bins (Yurdakul
    2018); the band is its 95 % quantile. An empty cell counts 0.5.

    Parameters
    ----------
    expected, actual : array of shape (bins,)

    Examples
    --------
    >>> index, noise = stability_index(np.array([50.0, 50.0]), np.array([80.0, 20.0]))
    >>> round(index, 3), round(noise, 3)
    (0.416, 0.077)
    >>> stability_index(np.array([9.0]), np.array([4.0]))
    (0.0, 0.0)
    """
    from scipy.stats import chi2

    occupied = expected + actual > 0
    bins = int(occupied.sum())
    rows, others = actual.sum(), expected.sum()
    if bins < 2:
        return 0.0, 0.0
    e = np.maximum(expected[occupied], EMPTY_CELL) / others
    a = np.maximum(actual[occupied], EMPTY_CELL) / rows
    noise = (1 / rows + 1 / others) * chi2.ppf(CONFIDENCE, bins - 1)
    return float(np.sum((a - e) * np.log(a / e))), float(noise)


def _coarse_bins(
    feature: Feature, values: npt.NDArray[np.generic], policy: ScorecardPolicy
) -> Indices:
    """Quantiles of all rows together, or categories of enough rows; missing is 0."""
    if feature.is_numeric:
        numbers = values.astype(float)
        present = numbers[~np.isnan(numbers)]
        edges = quantile_splits(present, policy) if len(present) else present
        return range_index(numbers, edges)
    found = np.array([isinstance(value, str) for value in values], dtype=bool)
    names, counts = np.unique(values[found].astype(str), return_counts=True)
    common = names[counts >= policy.minimum_bin_share * len(values)].tolist()
    return category_index(values, [[name] for name in common])
