"""A feature that moved between snapshots is ruled out; too few snapshots are told."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from training.contract import Feature
from training.settings import ScorecardPolicy
from training.stability import (
    Stability,
    assess_stability,
    non_overlapping,
    stability_index,
)

POLICY = ScorecardPolicy()
FEATURES = (
    Feature(1, "steady", "numeric", "either", "R1"),
    Feature(2, "moving", "numeric", "either", "R2"),
    Feature(3, "appearing", "categorical", "none", "R3"),
    Feature(4, "empty", "numeric", "either", "R4"),
)


def assessed(rows: int = 500, snapshots: int = 4, days_apart: int = 28) -> Stability:
    """Rows of some snapshots: `moving` and `appearing` change in the last one."""
    rng = np.random.default_rng(3)
    days = [date(2019, 1, 1) + timedelta(days_apart * i) for i in range(snapshots)]
    of = np.repeat(np.arange(snapshots), rows)
    last = of == snapshots - 1
    frame = pd.DataFrame(
        {
            "steady": rng.exponential(10, len(of)),
            "moving": rng.exponential(10, len(of)) + 8 * last,
            "appearing": pd.Series(
                np.where(last & (rng.random(len(of)) < 0.6), "new", "old"), dtype=object
            ),
            "empty": np.full(len(of), np.nan),
        }
    )
    dates = np.array(days, dtype=object)[of]
    return assess_stability(frame, dates, FEATURES, POLICY, window_days=28)


def test_what_moved_is_ruled_out_and_named_with_its_snapshot() -> None:
    stability = assessed()
    assert stability.is_assessed
    assert set(stability.unstable) == {"moving", "appearing"}
    assert stability.unstable["moving"].endswith("at 2019-03-26")
    assert stability.shifts["empty"].index == 0
    assert stability.note.startswith("stability assessed on 4 train snapshots")
    assert "2 of 4 features" in stability.note


def test_what_chance_explains_is_no_shift() -> None:
    few = assessed(rows=12)
    shift = few.shifts["steady"]
    assert POLICY.maximum_stability_index < shift.index < shift.noise
    assert "steady" not in few.unstable


@pytest.mark.parametrize(("snapshots", "days_apart"), [(2, 28), (8, 7)])
def test_overlapping_snapshots_are_not_assessed(
    snapshots: int, days_apart: int
) -> None:
    stability = assessed(rows=50, snapshots=snapshots, days_apart=days_apart)
    assert not stability.is_assessed
    assert stability.unstable == {}
    assert stability.note == (
        "stability not assessed: 2 train snapshots at least 28 days apart, 3 are needed"
    )


def test_the_newest_snapshot_is_always_among_those_compared() -> None:
    days = [date(2019, 1, 1) + timedelta(7 * week) for week in range(9)]
    assert non_overlapping(days, 28) == [days[0], days[4], days[8]]


def test_the_noise_band_holds_for_95_of_100_unchanged_populations() -> None:
    rng = np.random.default_rng(4)
    beyond = 0
    for _ in range(400):
        counts = rng.multinomial(600, np.full(10, 0.1), size=2).astype(float)
        index, noise = stability_index(*counts)
        beyond += index > noise
    # Of 400 tries a standard error of 4.4.
    assert 6 <= beyond <= 34
