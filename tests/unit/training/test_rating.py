"""Cut-offs and grades from out-of-fold scores, with and without ties."""

from itertools import pairwise

import numpy as np
import pytest

from training.contract import Grade, check_grades, referred_share
from training.errors import TrainingError
from training.rating import cut_at_share, policy_cutoff, rating_scale

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
    "bad",
    [
        (Grade(1, "A", 0.5, "approve"), Grade(2, "B", 0.4, "refer")),
        (Grade(1, "A", 0.5, "refer"), Grade(2, "B", 0.5, "approve")),
        (Grade(1, "A", 1.0, "approve"),),
        (Grade(1, "A", 0.5, "approve"), Grade(2, "B", 0.5, "decline")),
    ],
)
def test_a_scale_that_cannot_be_cut_names_the_seed(bad: Grades) -> None:
    with pytest.raises(TrainingError, match=r"seeds\.rating_scale"):
        check_grades(bad)
