"""Cut-offs and grades: chosen on out-of-fold train scores, never on test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.contract import Grade, referred_share
from training.errors import TrainingError
from training.model_tables import Row
from training.scorecard import Floats

TIE_DECIMALS = 9


@dataclass(frozen=True)
class Cuts:
    """The places where scores can be parted, with the share of rows below each."""

    values: Floats
    shares: Floats

    def nearest(self, share: float) -> int:
        """Index of the cut with the share below it nearest to `share`."""
        return int(np.argmin(np.round(np.abs(self.shares - share), TIE_DECIMALS)))


def possible_cuts(scores: Floats) -> Cuts:
    """Midpoints between neighbouring scores; scores equal to 1e-9 are one.

    Examples
    --------
    >>> cuts = possible_cuts(np.array([1.0, 2.0, 2.0, 4.0]))
    >>> cuts.values.tolist(), cuts.shares.tolist()
    ([1.5, 3.0], [0.25, 0.75])
    """
    distinct, counts = np.unique(np.round(scores, TIE_DECIMALS), return_counts=True)
    shares = np.cumsum(counts)[:-1] / max(len(scores), 1)
    return Cuts(values=(distinct[:-1] + distinct[1:]) / 2, shares=shares)


def cut_at_share(scores: Floats, share: float) -> float | None:
    """Find the cut below which nearest to `share` of the scores lie.

    Of two equally near the lower one; None if all scores are the same.

    Examples
    --------
    >>> cut_at_share(np.array([1.0, 2.0, 2.0, 4.0]), 0.35)
    1.5
    """
    cuts = possible_cuts(scores)
    return float(cuts.values[cuts.nearest(share)]) if len(cuts.values) else None


def rating_scale(scores: Floats, grades: Sequence[Grade]) -> list[Row]:
    """Bands of the grades by their target shares, safest first.

    Parameters
    ----------
    scores : array of shape (rows,)
        Out-of-fold train scores, high is safe.
    grades : sequence of Grade
        Safest first; shares sum to 1.

    Returns
    -------
    list of dict
        position, grade, lower, upper (None where open), action, target_share. A
        grade that ties leave without a score of its own is left out, and positions
        count what is left.

    Raises
    ------
    TrainingError
        If all scores are the same.

    Examples
    --------
    >>> grades = [Grade(1, "A", 0.5, "approve"), Grade(2, "B", 0.5, "refer")]
    >>> [(r["grade"], r["lower"]) for r in rating_scale(np.arange(4.0), grades)]
    [('A', 1.5), ('B', None)]
    """
    cuts = possible_cuts(scores)
    if not len(cuts.values):
        raise TrainingError(
            "the scorecard gives all train rows the same score: no grades can be cut"
        )
    shares_below = [
        sum(other.target_share for other in grades[i + 1 :]) for i in range(len(grades))
    ]
    # The policy's own cut is the nearest to the referred share, whatever the sums
    # above round to.
    policy = cuts.nearest(referred_share(grades))
    lowers = [
        max(cuts.nearest(below), policy)
        if grade.is_approved
        else min(cuts.nearest(below), policy)
        for grade, below in zip(grades[:-1], shares_below, strict=False)
    ]
    lowers[sum(grade.is_approved for grade in grades) - 1] = policy
    bounds: list[int | None] = [None, *lowers, None]
    rows: list[Row] = []
    for grade, upper, lower in zip(grades, bounds, bounds[1:], strict=False):
        if upper is not None and upper == lower:
            continue
        rows.append(
            {
                "position": len(rows) + 1,
                "grade": grade.grade,
                "lower": None if lower is None else float(cuts.values[lower]),
                "upper": None if upper is None else float(cuts.values[upper]),
                "action": grade.action,
                "target_share": grade.target_share,
            }
        )
    return rows


def policy_cutoff(scale: Sequence[Row]) -> float:
    """Lower bound of the riskiest grade that is approved."""
    lowers = [row["lower"] for row in scale if row["action"] == "approve"]
    return float(lowers[-1])
