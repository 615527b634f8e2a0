"""Cut-offs and grades from out-of-fold scores, with and without ties."""

import logging
from itertools import pairwise

import numpy as np
import pytest

from training.contract import Grade, check_grades, referred_share
from training.errors import TrainingError
from training.model_tables import Row
from training.rating import (
    cut_at_share,
    merged_where_not_rising,
    observed_in,
    policy_cutoff,
    rating_scale,
    warn_of_scale,
)

Grades = tuple[Grade, ...]


def test_shares_meet_their_targets(grades: Grades) -> None:
    scores = np.random.default_rng(1).normal(500, 30, 10_000)
    scale = rating_scale(scores, grades)
    assert [row["grade"] for row in scale] == list("ABCDEFG")
    assert [row["position"] for row in scale] == list(range(1, 8))
    for row in scale:
        above = scores >= (-np.inf if row["lower"] is None else row["lower"])
        below = scores < (np.inf if row["upper"] is None else row["upper"])
        share = float(np.mean(above & below))
        assert share == pytest.approx(row["target_share"], abs=0.002)


def test_bands_join_and_fall(grades: Grades) -> None:
    scale = rating_scale(np.arange(1000.0), grades)
    assert scale[0]["upper"] is None
    assert scale[-1]["lower"] is None
    for safer, riskier in pairwise(scale):
        assert safer["lower"] == riskier["upper"]
    lowers = [row["lower"] for row in scale[:-1]]
    assert lowers == sorted(lowers, reverse=True)
    assert len(set(lowers)) == len(lowers)


def test_the_cutoff_is_the_edge_of_the_last_approved_grade(grades: Grades) -> None:
    scores = np.arange(1000.0)
    scale = rating_scale(scores, grades)
    assert policy_cutoff(scale) == scale[3]["lower"] == 349.5
    assert np.mean(scores < policy_cutoff(scale)) == pytest.approx(
        referred_share(grades)
    )


def test_ties_leave_out_grades_but_never_an_action(grades: Grades) -> None:
    scores = np.repeat([480.0, 500.0, 520.0], [30, 40, 30])
    scale = rating_scale(scores, grades)
    # Cuts are at 490 (30 % below) and 510 (70 % below). The policy's 35 % is nearest
    # to 490, so E and F, which would end there too, hold nobody; C | D (55 %) and
    # B | C (75 %) are nearest to 510, A | B (90 %) as well, so A and B hold nobody.
    assert [(r["position"], r["grade"], r["lower"]) for r in scale] == [
        (1, "A", 510.0),
        (2, "D", 490.0),
        (3, "G", None),
    ]
    assert {row["action"] for row in scale} == {"approve", "refer"}
    assert policy_cutoff(scale) == 490.0


def test_two_scores_make_two_grades(grades: Grades) -> None:
    scale = rating_scale(np.array([1.0, 2.0, 2.0]), grades)
    assert [(row["action"], row["lower"]) for row in scale] == [
        ("approve", 1.5),
        ("refer", None),
    ]


def test_scores_equal_but_for_rounding_are_one(grades: Grades) -> None:
    with pytest.raises(TrainingError, match="same score"):
        rating_scale(np.array([500.0, 500.0 + 1e-11]), grades)


def test_cut_of_a_constant_is_none() -> None:
    assert cut_at_share(np.full(10, 0.3), 0.65) is None
    assert cut_at_share(np.array([]), 0.65) is None


@pytest.mark.parametrize(
    ("actions", "shares", "said"),
    [
        ("approve approve refer refer", [0.3, 0.3, 0.3, 0.2], "sum to 1, not 1.1"),
        ("refer approve approve refer", [0.25] * 4, "must be one or more 'approve'"),
        ("approve approve approve approve", [0.25] * 4, "must be one or more"),
        ("approve approve decline refer", [0.25] * 4, "behind them, 'decline'"),
        ("approve approve refer reject", [0.25] * 4, "must be one or more"),
        ("approve refer refer refer", [0.31, 0.3, 0.3, 0.09], "grade A is 0.31; no"),
    ],
)
def test_a_scale_that_cannot_be_cut_names_the_seed(
    actions: str, shares: list[float], said: str
) -> None:
    with pytest.raises(TrainingError, match=r"seeds\.rating_scale.*") as raised:
        check_grades(scale_of(actions, shares))
    assert said in str(raised.value)


def test_declining_grades_may_follow_referred_ones() -> None:
    grades = scale_of("approve approve refer decline", [0.3, 0.3, 0.2, 0.2])
    check_grades(grades)
    scale = rating_scale(np.arange(1000.0), grades)
    assert referred_share(grades) == pytest.approx(0.4)
    assert policy_cutoff(scale) == scale[1]["lower"] == 399.5
    assert [row["action"] for row in scale][2:] == ["refer", "decline"]


def scale_of(actions: str, shares: list[float]) -> Grades:
    return tuple(
        Grade(position, "ABCDEFG"[position - 1], share, action)
        for position, (action, share) in enumerate(
            zip(actions.split(), shares, strict=True), start=1
        )
    )


def shares_of(scale: list[Row], scores: np.ndarray) -> list[float]:
    target = np.zeros(len(scores), dtype=bool)
    return observed_in(scale, scores, target)[0].tolist()


def test_ties_do_not_fill_a_grade_above_thirty_percent(grades: Grades) -> None:
    # The nearest cuts (16, 16, 32, 48, 80, 96 % below) would leave C with 48 to 80 %.
    scores = np.repeat(np.arange(7.0), [16, 16, 16, 16, 16, 16, 4])
    scale = rating_scale(scores, grades)
    assert max(shares_of(scale, scores)) <= 0.3
    # Above the policy's cut are 16, 16, 16, 16 and 4 %: four grades suffice only if
    # the safest holds two of them.
    assert shares_of(scale, scores)[0] == pytest.approx(0.2)
    assert [row["grade"] for row in scale][:4] == ["A", "B", "C", "D"]
    assert policy_cutoff(scale) == 1.5


@pytest.mark.parametrize("seed", range(40))
def test_no_grade_is_above_the_limit_if_ties_allow_it(
    seed: int, grades: Grades
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.choice(rng.integers(6, 15), 500).astype(float)
    scale = rating_scale(scores, grades)
    assert [row["action"] for row in scale] == sorted(r["action"] for r in scale)
    assert shares_of(scale, scores) == pytest.approx(
        [s for s in shares_of(scale, scores) if 0 < s <= 0.3]
    )


def test_a_tie_above_the_limit_is_said(
    grades: Grades, caplog: pytest.LogCaptureFixture
) -> None:
    scores = np.repeat([480.0, 500.0, 520.0], [30, 40, 30])
    target = np.arange(100) % 10 == 0
    target[-1] = True
    with caplog.at_level(logging.WARNING):
        warn_of_scale(rating_scale(scores, grades), scores, target)
    assert [record.getMessage() for record in caplog.records] == [
        "grade D holds 40 % of the train rows, more than 30 %: their scores are tied",
        "the observed rate falls from grade A to D: there is little to tell them apart"
        " by",
    ]


def at_rates(rates: list[float]) -> np.ndarray:
    """Outcomes of 1,000 rows, riskiest first, at these rates in grades A, B, ..."""
    counts = [100, 150, 200, 200, 150, 120, 80]
    grades = [
        np.arange(n) < round(rate * n) for rate, n in zip(rates, counts, strict=True)
    ]
    return np.concatenate(grades[::-1])


def test_grades_are_joined_until_rates_rise(grades: Grades) -> None:
    scores = np.arange(1000.0)
    target = at_rates([0.02, 0.01, 0.2, 0.3, 0.5, 0.6, 0.55])
    scale = merged_where_not_rising(rating_scale(scores, grades), scores, target)
    assert [(r["position"], r["grade"]) for r in scale] == [
        *((1, "B"), (2, "C"), (3, "D"), (4, "E"), (5, "G")),
    ]
    shares, found = observed_in(scale, scores, target)
    assert shares.tolist() == pytest.approx([0.25, 0.2, 0.2, 0.15, 0.2])
    assert (np.diff(found) > 0).all()
    assert [r["target_share"] for r in scale] == pytest.approx(shares.tolist())


def test_grades_of_other_actions_or_above_the_limit_are_not_joined(
    grades: Grades,
) -> None:
    scores = np.arange(1000.0)
    target = at_rates([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
    scale = merged_where_not_rising(rating_scale(scores, grades), scores, target)
    # All rates fall: A and B fit in one grade, then E and F; no others do.
    assert [r["grade"] for r in scale] == ["B", "C", "D", "F", "G"]
