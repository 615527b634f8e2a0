"""What a simulation is asked for, checked once."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

CUSTOMERS_PER_CHUNK = 20_000
"""Customers drawn together. A constant: it is part of what a seed means."""

LARGEST_SIGNAL = 2.0
LONGEST_PERIOD_DAYS = 1_830
"""Five years: the customer-days of one chunk stay below 2 GB."""
LARGEST_SEED = 2**63 - 1
EARLIEST_START = date(2000, 1, 1)
LATEST_START = date(2100, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Size, period, seed and signal of a simulation.

    Parameters
    ----------
    customers
        Number of customers, at least 1.
    days
        Length of the period in days, 1 to 1,830.
    seed
        The same seed and parameters give the same rows, 0 to 2**63 - 1.
    signal
        How much customers differ, 0 (not at all) to 2; 1 is realistic.
    start_date
        First day of the period (UTC).

    Raises
    ------
    ValueError
        If a value is outside its range; the message names value and range.

    Examples
    --------
    >>> Parameters(customers=45_000).chunk_sizes
    [20000, 20000, 5000]
    >>> Parameters(days=0)
    Traceback (most recent call last):
    ...
    ValueError: days is 0; it must be from 1 to 1830
    """

    customers: int = 3_742
    days: int = 91
    seed: int = 42
    signal: float = 1.0
    start_date: date = date(2018, 11, 15)

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        if self.customers < 1:
            raise ValueError(f"customers is {self.customers}; it must be at least 1")
        if not 1 <= self.days <= LONGEST_PERIOD_DAYS:
            raise ValueError(
                f"days is {self.days}; it must be from 1 to {LONGEST_PERIOD_DAYS}"
            )
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(
                f"seed is {self.seed}; it must be from 0 to {LARGEST_SEED}"
            )
        if not (math.isfinite(self.signal) and 0 <= self.signal <= LARGEST_SIGNAL):
            raise ValueError(
                f"signal is {self.signal}; it must be from 0 to {LARGEST_SIGNAL:g}"
            )
        if not EARLIEST_START <= self.start_date <= LATEST_START:
            raise ValueError(
                f"start date is {self.start_date}; "
                f"it must be from {EARLIEST_START} to {LATEST_START}"
            )

    @property
    def chunk_sizes(self) -> list[int]:
        """Customers in each chunk, in order."""
        full, rest = divmod(self.customers, CUSTOMERS_PER_CHUNK)
        return [CUSTOMERS_PER_CHUNK] * full + ([rest] if rest else [])

    @property
    def end_date(self) -> date:
        """First day after the period."""
        return self.start_date + timedelta(days=self.days)

    def generator(self, *, chunk: int, stream: int) -> np.random.Generator:
        """Random numbers of one chunk for one purpose, whatever ran before.

        Equal to child ``stream`` of child ``chunk`` of ``SeedSequence(seed)``.
        """
        return np.random.default_rng(
            np.random.SeedSequence(self.seed, spawn_key=(chunk, stream))
        )
