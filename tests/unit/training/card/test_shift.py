"""A shift is told from noise."""

import numpy as np

from training.card.shift import population_shift


def test_without_a_change_five_in_a_hundred_pass_the_noise() -> None:
    rng = np.random.default_rng(3)
    shares = [0.3, 0.25, 0.2, 0.15, 0.1]
    pairs = zip(
        rng.multinomial(600, shares, 2000),
        rng.multinomial(300, shares, 2000),
        strict=True,
    )
    shifts = [population_shift(one, other) for one, other in pairs]
    passed = sum(shift.index > shift.noise for shift in shifts) / len(shifts)
    assert 0.035 < passed < 0.07


def test_few_rows_pass_the_custom_limit_by_chance_and_are_not_told() -> None:
    shift = population_shift([12, 8, 10, 10], [8, 12, 6, 14])
    assert 0.1 < shift.index < shift.noise
    assert shift.verdict == "none"


def test_sizes_of_a_shift() -> None:
    assert population_shift([500, 500], [620, 380]).verdict == "none"
    assert population_shift([500, 500], [700, 300]).verdict == "small"
    assert population_shift([500, 500], [800, 200]).verdict == "large"


def test_bins_that_nobody_is_in_do_not_count() -> None:
    assert population_shift([0, 50, 50], [0, 40, 60]) == population_shift(
        [50, 50], [40, 60]
    )
