"""From one feature value to its points."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.documents import BinRow

FeatureValue = float | str | None


@dataclass(frozen=True, slots=True)
class NumericBins:
    """Half-open ranges ``[lower, upper)`` that partition the line.

    Attributes
    ----------
    cuts
        Inner bounds, ascending.
    range_points
        Points per range, one more than there are cuts.
    missing_points
        Points of a missing value.

    Examples
    --------
    >>> bins = NumericBins(cuts=(3.5,), range_points=(10.0, 20.0), missing_points=5.0)
    >>> bins.points(3.4), bins.points(3.5), bins.points(None)
    (10.0, 20.0, 5.0)
    """

    cuts: tuple[float, ...]
    range_points: tuple[float, ...]
    missing_points: float

    def points(self, value: FeatureValue) -> float:
        """Return the points of a value, or of a missing one."""
        if value is None:
            return self.missing_points
        if isinstance(value, str):
            message = f"a numeric feature cannot be the text {value!r}"
            raise TypeError(message)
        return self.range_points[bisect_right(self.cuts, value)]


@dataclass(frozen=True, slots=True)
class CategoryBins:
    """Groups of categories; every category listed nowhere is 'other'.

    Examples
    --------
    >>> bins = CategoryBins({"web": 12.0}, other_points=3.0, missing_points=5.0)
    >>> bins.points("web"), bins.points("kiosk"), bins.points(None)
    (12.0, 3.0, 5.0)
    """

    category_points: dict[str, float]
    other_points: float
    missing_points: float

    def points(self, value: FeatureValue) -> float:
        """Return the points of a category, or of a missing one."""
        if value is None:
            return self.missing_points
        if not isinstance(value, str):
            message = f"a categorical feature cannot be the number {value!r}"
            raise TypeError(message)
        return self.category_points.get(value, self.other_points)


def build_bins(
    feature: str, kind: str, rows: Sequence[BinRow]
) -> NumericBins | CategoryBins:
    """Build the bins of one feature and check that they leave no gap.

    Raises
    ------
    ValueError
        If they do not partition the line, or all categories.
    """
    ordered = sorted(rows, key=lambda row: row.bin_index)
    missing = _only(feature, ordered, "missing").points
    if kind == "numeric":
        return _numeric(feature, [r for r in ordered if r.bin_kind == "range"], missing)
    other = _only(feature, ordered, "other").points
    category_points: dict[str, float] = {}
    for row in ordered:
        for category in row.categories or ():
            if category in category_points:
                message = f"two bins of {feature} hold the category {category!r}"
                raise ValueError(message)
            category_points[category] = row.points
    return CategoryBins(category_points, other, missing)


def _numeric(feature: str, ranges: Sequence[BinRow], missing: float) -> NumericBins:
    bounds = [(row.lower, row.upper) for row in ranges]
    cuts = [lower for lower, _ in bounds[1:] if lower is not None]
    if (
        not bounds
        or bounds[0][0] is not None
        or bounds[-1][1] is not None
        or [upper for _, upper in bounds[:-1]] != cuts
        or any(left >= right for left, right in pairwise(cuts))
    ):
        message = f"the bins of {feature} do not partition the line: {bounds}"
        raise ValueError(message)
    return NumericBins(tuple(cuts), tuple(row.points for row in ranges), missing)


def _only(feature: str, rows: Sequence[BinRow], kind: str) -> BinRow:
    found = [row for row in rows if row.bin_kind == kind]
    if len(found) != 1:
        message = f"{feature} has {len(found)} bins of kind '{kind}' instead of one"
        raise ValueError(message)
    return found[0]
