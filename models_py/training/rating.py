"""Cut-offs and grades: chosen on out-of-fold train scores, never on test."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from training.contract import MAXIMUM_GRADE_SHARE, Grade, referred_share
from training.errors import TrainingError
from training.metrics import Target
from training.model_tables import Row
from training.scorecard import Floats

logger = logging.getLogger(__name__)

TIE_DECIMALS = 9
LIMIT = MAXIMUM_GRADE_SHARE + 10.0**-TIE_DECIMALS


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

    No grade holds more than 30 % of the scores, unless they are tied, or so many
    are that the grades do not suffice.

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
    # Edges of bands: 0 is below all scores, then the cuts, then above all.
    shares = np.r_[0.0, cuts.shares, 1.0]
    nearest = [
        cuts.nearest(math.fsum(other.target_share for other in grades[i + 1 :])) + 1
        for i in range(len(grades) - 1)
    ]
    approved = sum(grade.is_approved for grade in grades)
    # The policy's own cut is the nearest to the referred share, whatever the sums
    # above round to.
    policy = cuts.nearest(referred_share(grades)) + 1
    edges = [
        len(shares) - 1,
        *_inner_edges(shares, len(shares) - 1, policy, nearest[: approved - 1]),
        policy,
        *_inner_edges(shares, policy, 0, nearest[approved:]),
        0,
    ]
    values = [None, *cuts.values.tolist(), None]
    bands = [
        {
            "grade": grade.grade,
            "lower": values[lower],
            "upper": values[upper],
            "action": grade.action,
            "target_share": grade.target_share,
        }
        for grade, upper, lower in zip(grades, edges, edges[1:], strict=False)
        if upper != lower
    ]
    return _numbered(bands)


def _inner_edges(
    shares: Floats, top: int, bottom: int, wanted: Sequence[int]
) -> list[int]:
    """Edges between `top` and `bottom`, as near to the wanted as the limit allows."""
    # How high an edge may be so that those below it still reach the bottom.
    ceilings = [bottom]
    for _ in range(len(wanted) + 1):
        reach = int(np.searchsorted(shares, shares[ceilings[0]] + LIMIT, "right")) - 1
        ceilings.insert(0, min(max(reach, ceilings[0] + 1), len(shares) - 1))
    is_feasible = ceilings[0] >= top
    edges = [top]
    for edge, ceiling in zip(wanted, ceilings[1:], strict=False):
        floor, highest = bottom, edges[-1]
        if is_feasible:
            reach = int(np.searchsorted(shares, shares[highest] - LIMIT, "left"))
            floor = max(bottom, min(reach, highest - 1))
            highest = min(highest, ceiling)
        edges.append(min(max(edge, floor), highest))
    return edges[1:]


def merged_where_not_rising(
    scale: Sequence[Row], scores: Floats, target: Target
) -> list[Row]:
    """Join neighbours whose observed rates fall although the grades get riskier.

    Two grades stay apart if they differ in their action, or would hold more than
    30 % together. The joint band has the name of the riskier.

    Parameters
    ----------
    scale
        Of `rating_scale`.
    scores, target : array of shape (rows,)
        Out-of-fold train scores and what happened.

    Examples
    --------
    >>> scores, target = np.arange(10.0), np.arange(10) % 9 == 0
    >>> scale = [
    ...     {"grade": name, "action": action, "lower": lower, "upper": upper,
    ...      "target_share": 0.1}
    ...     for name, action, lower, upper in (
    ...         ("A", "approve", 8.5, None), ("B", "approve", 6.5, 8.5),
    ...         ("C", "refer", None, 6.5))]
    >>> [(row["grade"], row["lower"])
    ...  for row in merged_where_not_rising(scale, scores, target)]
    [('B', 6.5), ('C', None)]
    """
    rows = [dict(row) for row in scale]
    while True:
        shares, rates = observed_in(rows, scores, target)
        fits = (
            i
            for i in range(len(rows) - 1)
            if rates[i + 1] < rates[i]
            and rows[i]["action"] == rows[i + 1]["action"]
            and shares[i] + shares[i + 1] <= LIMIT
        )
        first = next(fits, None)
        if first is None:
            return _numbered(rows)
        safer = rows.pop(first)
        logger.info(
            "grade %s joins %s: its observed rate is not below",
            safer["grade"],
            rows[first]["grade"],
        )
        rows[first]["upper"] = safer["upper"]
        rows[first]["target_share"] += safer["target_share"]


def observed_in(
    scale: Sequence[Row], scores: Floats, target: Target
) -> tuple[Floats, Floats]:
    """Share of the rows in each grade, and the observed rate there (NaN if none)."""
    inside = [scores_inside(row, scores) for row in scale]
    rows = np.array([i.sum() for i in inside], dtype=float)
    events = np.array([target[i].sum() for i in inside], dtype=float)
    rates = np.full(len(rows), np.nan)
    np.divide(events, rows, out=rates, where=rows > 0)
    return rows / max(len(scores), 1), rates


def scores_inside(row: Row, scores: Floats) -> Target:
    """Which scores lie in a band [lower, upper), missing ends open.

    Examples
    --------
    >>> scores_inside({"lower": 1.0, "upper": None}, np.array([0.0, 1.0])).tolist()
    [False, True]
    """
    lower = -np.inf if row["lower"] is None else row["lower"]
    upper = np.inf if row["upper"] is None else row["upper"]
    return np.asarray((scores >= lower) & (scores < upper))


def warn_of_scale(scale: Sequence[Row], scores: Floats, target: Target) -> None:
    """Say which grades break a rule that they could not be made to keep."""
    shares, rates = observed_in(scale, scores, target)
    for row, share in zip(scale, shares.tolist(), strict=True):
        if share > LIMIT:
            logger.warning(
                "grade %s holds %.0f %% of the train rows, more than %.0f %%: their"
                " scores are tied",
                row["grade"],
                100 * share,
                100 * MAXIMUM_GRADE_SHARE,
            )
    for (safer, riskier), fall in zip(
        pairwise(scale), (np.diff(rates) < 0).tolist(), strict=True
    ):
        if fall:
            logger.warning(
                "the observed rate falls from grade %s to %s: there is little to tell"
                " them apart by",
                safer["grade"],
                riskier["grade"],
            )


def _numbered(rows: Sequence[Row]) -> list[Row]:
    return [{**row, "position": place} for place, row in enumerate(rows, start=1)]


def policy_cutoff(scale: Sequence[Row]) -> float:
    """Lower bound of the riskiest grade that is approved."""
    lowers = [row["lower"] for row in scale if row["action"] == "approve"]
    return float(lowers[-1])
