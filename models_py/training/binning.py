"""Bins of one feature: fitted, merged where they must be, weighed by evidence."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.contract import Feature
from training.evidence import (
    Target,
    binned_information,
    cautious_weights,
    weight_of_evidence,
)
from training.merging import merged_edges
from training.scorecard import Floats, Indices, category_index, range_index
from training.settings import ScorecardPolicy
from training.solver import optimal_groups, optimal_splits, pure_splits, quantile_splits


@dataclass(frozen=True)
class FeatureBins:
    """Bins of a feature with their evidence; index 0 is Missing.

    Numeric: bins 1..n are ranges between `edges`. Categorical: bins 1..n are
    `groups`, bin n + 1 is Other. Arrays have shape (bins,). `woe` is cautious where
    train has few rows, `information_value` counts what was observed. `is_constant`
    says that all train rows have the same value, `fallback` why the solver was not
    used.
    """

    feature: Feature
    edges: tuple[float, ...]
    groups: tuple[tuple[str, ...], ...]
    rows: npt.NDArray[np.int64]
    events: npt.NDArray[np.int64]
    woe: Floats
    information_value: float
    is_constant: bool
    fallback: str | None

    @property
    def tells_apart(self) -> bool:
        """Whether at least two bins hold rows and differ in evidence."""
        occupied = self.woe[self.rows > 0]
        return len(occupied) > 1 and bool(np.ptp(occupied) > 0)

    def bin_index(self, values: npt.ArrayLike) -> Indices:
        """Bin of each value, shape (rows,)."""
        if self.feature.is_numeric:
            return range_index(values, self.edges)
        return category_index(values, self.groups)

    def weight(self, values: npt.ArrayLike) -> Floats:
        """Weight of evidence of each value, shape (rows,)."""
        return self.woe[self.bin_index(values)]


def fit_bins(
    feature: Feature,
    values: npt.ArrayLike,
    target: Target,
    policy: ScorecardPolicy,
) -> FeatureBins:
    """Bin one feature against the target by its contract.

    A solver that fails gives way to quantiles merged to be monotone; `fallback` of
    the result says so.

    Parameters
    ----------
    values : array of shape (rows,)
        Doubles with NaN, or text with None, where missing.
    target : array of shape (rows,)
        Whether the row is high risk.
    """
    if not feature.is_numeric:
        return _fit_categories(feature, values, target, policy)
    numbers = np.asarray(values, dtype=float)
    found = ~np.isnan(numbers)
    present, high_risk = numbers[found], target[found]
    smallest = int(np.ceil(policy.minimum_bin_share * len(numbers)))
    distinct = len(np.unique(present))
    fallback = None
    choices: list[Floats] = []
    if distinct > 1 and 0 < high_risk.sum() < len(high_risk):
        try:
            choices.append(optimal_splits(numbers, target, feature.direction, policy))
        except Exception as error:  # whatever the solver raises
            fallback = f"{error}; quantiles merged instead"
            choices.append(quantile_splits(present, policy))
        if len(present) >= 2 * smallest:
            choices.append(pure_splits(present, high_risk, policy, smallest))
    edges = max(
        (
            merged_edges(present, high_risk, splits, feature.direction, smallest)
            for splits in choices
        ),
        key=lambda edges: binned_information(range_index(present, edges), high_risk),
        default=(),
    )
    index = range_index(numbers, edges)
    constant = distinct + (not found.all()) <= 1
    return _weighed(feature, edges, (), index, target, constant, fallback, smallest)


def _fit_categories(
    feature: Feature,
    values: npt.ArrayLike,
    target: Target,
    policy: ScorecardPolicy,
) -> FeatureBins:
    """Group categories of enough rows; the rare ones are pooled in Other."""
    texts = np.asarray(values, dtype=object)
    found = np.array([isinstance(value, str) for value in texts], dtype=bool)
    names, counts = np.unique(texts[found].astype(str), return_counts=True)
    smallest = policy.minimum_bin_share * len(texts)
    common = names[counts >= smallest].tolist()
    known = np.isin(texts, common) & found
    fallback = None
    choices = [[[name] for name in common]]
    if len(common) > 1 and 0 < target[known].sum() < known.sum():
        try:
            groups = optimal_groups(texts[known], target[known], policy)
            alone = [target[texts == name].mean() for name in common]
            # As with numbers, the solver merges a category of one class away.
            choices = [groups, *(choices if {0.0, 1.0} & set(alone) else [])]
        except Exception as error:  # whatever the solver raises
            fallback = f"{error}; one bin per category instead"
    groups = max(
        choices,
        key=lambda some: binned_information(category_index(texts, some), target),
    )

    def safest_first(group: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        return float(target[known & np.isin(texts, group)].mean()), group

    ordered = sorted((tuple(sorted(group)) for group in groups), key=safest_first)
    index = category_index(texts, ordered)
    constant = len(names) + (not found.all()) <= 1
    return _weighed(
        feature, (), tuple(ordered), index, target, constant, fallback, smallest
    )


def _weighed(
    feature: Feature,
    edges: tuple[float, ...],
    groups: tuple[tuple[str, ...], ...],
    index: Indices,
    target: Target,
    constant: bool,
    fallback: str | None,
    smallest: float,
) -> FeatureBins:
    bins = len(edges) + len(groups) + 2
    rows = np.bincount(index, minlength=bins)
    events = np.bincount(index[target], minlength=bins)
    woe, information = weight_of_evidence(rows - events, events)
    return FeatureBins(
        feature=feature,
        edges=edges,
        groups=groups,
        rows=rows,
        events=events,
        woe=cautious_weights(
            woe,
            rows,
            catch_all=[0] if feature.is_numeric else [0, bins - 1],
            smallest=smallest,
        ),
        information_value=information,
        is_constant=constant,
        fallback=fallback,
    )
