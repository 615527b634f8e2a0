"""How far a distribution has moved, beside what chance alone would move it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.stability import stability_index

SMALL, LARGE = 0.1, 0.25


@dataclass(frozen=True)
class Shift:
    """Population stability index, and the 95 % quantile of it without a change."""

    index: float
    noise: float

    @property
    def verdict(self) -> str:
        """Say whether it is worth a look: above the limit and above noise."""
        if self.index <= max(SMALL, self.noise):
            return "none"
        return "large" if self.index > LARGE else "small"


def population_shift(expected: Sequence[int], actual: Sequence[int]) -> Shift:
    """Stability index of two samples, of which one may be empty.

    Bins that are empty in both samples do not count.

    Parameters
    ----------
    expected, actual : sequence of int, of the same length
        Rows by bin.

    Examples
    --------
    >>> shift = population_shift([50, 50], [50, 50])
    >>> shift.index, shift.verdict
    (0.0, 'none')
    >>> population_shift([500, 500], [800, 200]).verdict
    'large'
    """
    if not (sum(expected) and sum(actual)):
        return Shift(0.0, 0.0)
    index, noise = stability_index(np.array(expected, float), np.array(actual, float))
    return Shift(round(index, 12), round(noise, 12))
