"""Merging neighbouring bins until they are large enough and in order."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from training.evidence import Target, binned_information
from training.scorecard import Floats, range_index


def merged_edges(
    values: Floats, target: Target, splits: Floats, direction: str, smallest: int
) -> tuple[float, ...]:
    """Edges left after merging small and non-monotone neighbours.

    `direction` is that of the bad rate; 'either' takes the one with more
    information. The edges are the shortest decimals that part the same rows.
    """
    if not len(splits):
        return ()
    if direction == "either":
        both = [
            merged_edges(values, target, splits, way, smallest)
            for way in ("ascending", "descending")
        ]
        return max(
            both,
            key=lambda edges: binned_information(range_index(values, edges), target),
        )
    splits = np.unique(splits)
    index = np.searchsorted(splits, values, side="right")
    rows = np.bincount(index, minlength=len(splits) + 1).tolist()
    events = np.bincount(index[target], minlength=len(splits) + 1).tolist()
    kept = splits.tolist()
    sign = 1 if direction == "ascending" else -1
    while kept:
        rates = [e / r if r else 0.0 for e, r in zip(events, rows, strict=True)]
        small = [i for i, count in enumerate(rows) if count < smallest]
        wrong = [i for i in range(len(kept)) if sign * (rates[i + 1] - rates[i]) <= 0]
        if small:
            at = _closest_neighbour(rates, small[0])
        elif wrong:
            at = wrong[0]
        else:
            break
        rows[at : at + 2] = [rows[at] + rows[at + 1]]
        events[at : at + 2] = [events[at] + events[at + 1]]
        del kept[at]
    ordered = np.unique(values)
    return tuple(_shortest_edge(ordered, split) for split in kept)


def _closest_neighbour(rates: Sequence[float], small: int) -> int:
    """Name the split to remove: the small bin joins its closest neighbour."""
    if small == 0:
        return 0
    if small == len(rates) - 1:
        return small - 1
    below = abs(rates[small] - rates[small - 1])
    above = abs(rates[small] - rates[small + 1])
    return small - 1 if below <= above else small


def _shortest_edge(ordered: Floats, split: float) -> float:
    position = int(np.searchsorted(ordered, split, side="left"))
    below, above = float(ordered[position - 1]), float(ordered[position])
    return shortest_between(below, above)


def shortest_between(below: float, above: float) -> float:
    """Find the decimal with the fewest digits in (below, above], nearest the middle.

    Examples
    --------
    >>> shortest_between(2.0, 3.0), shortest_between(12.931, 13.248)
    (3.0, 13.0)
    >>> shortest_between(1 / 3, 0.4), shortest_between(1789.5, 2431.0)
    (0.4, 2000.0)
    """
    low, high = Decimal(below), Decimal(above)
    middle = (low + high) / 2
    for decimals in range(-12, 17):
        step = Decimal(1).scaleb(-decimals)
        first = (low / step).to_integral_value(ROUND_FLOOR) + 1
        last = (high / step).to_integral_value(ROUND_FLOOR)
        if first > last:
            continue
        nearest = (middle / step - Decimal("0.5")).to_integral_value(ROUND_CEILING)
        edge = float(min(max(nearest, first), last) * step)
        if below < edge <= above:
            return edge
    return above
