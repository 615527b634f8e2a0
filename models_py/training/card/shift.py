"""How far a distribution has moved, beside what chance alone would move it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ZERO_CELL = 0.5
SMALL, LARGE = 0.1, 0.25
NOISE_LEVEL = 0.95


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
    """PSI = sum of (a - e) ln(a / e) over bins; a zero count is taken as 0.5.

    Without a change it is about (1/N + 1/M) chi-squared with B - 1 degrees of
    freedom (Yurdakul 2018), whose 95 % quantile is the noise. Bins that are empty
    in both samples do not count.

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
    from scipy.special import chdtri

    counts = np.array([expected, actual], dtype=float)
    counts = counts[:, counts.sum(axis=0) > 0]
    totals = counts.sum(axis=1, keepdims=True)
    if counts.shape[1] < 2 or not totals.all():
        return Shift(0.0, 0.0)
    shares = np.maximum(counts, ZERO_CELL) / totals
    index = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    noise = float((1 / totals).sum() * chdtri(counts.shape[1] - 1, 1 - NOISE_LEVEL))
    return Shift(round(index, 12), round(noise, 12))
