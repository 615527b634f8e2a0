"""The rules of the scorecard, with numbers a reader can check in the head."""

import pytest

from api.documents import (
    BinRow,
    FeatureRow,
    GradeAction,
    GradeRow,
    ModelRow,
    ScorecardDocument,
)
from api.scorer import Scorecard

CUTOFF = 100.0


def document(
    *,
    codes: list[str],
    reference: float = 50.0,
    label_source: str = "proxy",
    worst_action: GradeAction = "refer",
    bins: list[BinRow] | None = None,
    grades: list[GradeRow] | None = None,
) -> ScorecardDocument:
    """Describe a card whose features give 2 points per unit up to 9 units.

    Parameters
    ----------
    codes
        Reason code of each feature.
    """
    names = [f"f{number}" for number in range(len(codes))]
    return ScorecardDocument(
        format=1,
        model=ModelRow(
            model_version="v",
            target_name="high risk",
            label_source=label_source,
            score_factor=20.0,
            score_offset=100.0,
            cutoff_score=CUTOFF,
            score_shown_min=300,
            score_shown_max=850,
            reasons_at_most=4,
        ),
        features=[
            FeatureRow(
                position=position,
                name=name,
                kind="numeric",
                unit="units",
                formula="given",
                reason_code=code,
                customer_wording=code,
                in_card=True,
                reference_points=reference,
            )
            for position, (name, code) in enumerate(zip(names, codes, strict=True), 1)
        ],
        points=[row for name in names for row in bins or linear_bins(name)],
        rating_scale=grades
        or [
            GradeRow(grade="A", lower=CUTOFF, upper=None, action="approve"),
            GradeRow(grade="B", lower=None, upper=CUTOFF, action=worst_action),
        ],
        categories={},
        policy_reasons=[],
        wording_version="w",
    )


def linear_bins(feature: str) -> list[BinRow]:
    missing = [bin_row(feature, 0, None, None, 0.0, kind="missing")]
    bounds = [None, *[float(i) for i in range(1, 100)], None]
    return missing + [
        bin_row(feature, i + 1, bounds[i], bounds[i + 1], float(i)) for i in range(100)
    ]


def bin_row(
    feature: str,
    index: int,
    lower: float | None,
    upper: float | None,
    points: float,
    kind: str = "range",
) -> BinRow:
    return BinRow(
        feature=feature,
        bin_index=index,
        bin_kind=kind,  # type: ignore[arg-type]
        lower=lower,
        upper=upper,
        categories=None,
        points=points,
    )


def test_high_risk_begins_below_the_cutoff() -> None:
    card = Scorecard(document(codes=["R1", "R2"]))
    at, below = card.score([50.0, 50.0]), card.score([50.0, 49.0])
    assert (at.score, at.is_high_risk, at.grade, at.action) == (
        100.0,
        False,
        "A",
        "approve",
    )
    assert (below.score, below.is_high_risk, below.grade, below.action) == (
        99.0,
        True,
        "B",
        "refer",
    )
    assert at.proxy_probability == 0.5


def test_nobody_is_declined_on_a_proxy() -> None:
    proxy = document(codes=["R1"], worst_action="decline")
    observed = document(codes=["R1"], worst_action="decline", label_source="observed")
    assert Scorecard(proxy).score([1.0]).action == "refer"
    assert Scorecard(observed).score([1.0]).action == "decline"


def test_reasons_are_summed_by_code_largest_first() -> None:
    card = Scorecard(document(codes=["R1", "R2", "R1"]))
    reasons = card.score([40.0, 35.0, 44.0]).reasons
    assert [(reason.code, reason.loss) for reason in reasons] == [
        ("R1", 16.0),
        ("R2", 15.0),
    ]


def test_a_loss_is_told_to_nine_decimals() -> None:
    card = Scorecard(document(codes=["R1"] * 3, reference=50.1))
    (reason,) = card.score([50.0, 50.0, 50.0]).reasons
    assert (50.1 - 50.0) * 3 != 0.3
    assert (reason.code, reason.loss) == ("R1", 0.3)


def test_who_beats_the_mean_and_is_referred_is_measured_against_the_cutoff() -> None:
    """Means 40 + 40, best 99 + 99: an applicant at the cut-off has 50 + 50."""
    card = Scorecard(document(codes=["R1", "R2"], reference=40.0))
    referred, approved = card.score([45.0, 46.0]), card.score([60.0, 45.0])
    losses = [(reason.code, reason.loss) for reason in referred.reasons]
    assert losses == [("R1", 5.0), ("R2", 4.0)]
    assert (referred.action, referred.reason_reference) == ("refer", "cutoff")
    assert approved.reasons == ()
    assert (approved.action, approved.reason_reference) == ("approve", "training_mean")


def test_a_referral_has_a_reason_whatever_rounding_leaves_of_it() -> None:
    """A grade that refers above the cut-off: nothing is lost against either."""
    grades = [GradeRow(grade="A", lower=None, upper=None, action="refer")]
    card = Scorecard(document(codes=["R2", "R1"], reference=40.0, grades=grades))
    (reason,) = card.score([50.0, 50.0]).reasons
    assert (reason.code, reason.loss) == ("R1", 0.0)


def test_gains_of_a_code_make_up_for_its_losses() -> None:
    card = Scorecard(document(codes=["R1", "R1", "R2"]))
    assert card.score([40.0, 60.0, 51.0]).reasons == ()


def test_equal_losses_are_ordered_by_code_and_four_are_told() -> None:
    card = Scorecard(document(codes=["R5", "R3", "R4", "R2", "R1"]))
    reasons = card.score([40.0, 40.0, 40.0, 40.0, 41.0]).reasons
    assert [reason.code for reason in reasons] == ["R2", "R3", "R4", "R5"]


def test_noise_of_rounding_is_no_reason_and_breaks_no_tie() -> None:
    card = Scorecard(document(codes=["R2", "R1"], reference=50.0 + 1e-10))
    assert card.score([50.0, 50.0]).reasons == ()
    low = document(codes=["R2", "R1"])
    low.features[0] = low.features[0].__class__(
        **{
            name: getattr(low.features[0], name)
            for name in low.features[0].__struct_fields__
        }
        | {"reference_points": 50.0 + 1e-11}
    )
    reasons = Scorecard(low).score([40.0, 40.0]).reasons
    assert [reason.code for reason in reasons] == ["R1", "R2"]


BROKEN_BINS = {
    "a gap": [
        bin_row("f0", 0, None, None, 0.0, kind="missing"),
        bin_row("f0", 1, None, 1.0, 0.0),
        bin_row("f0", 2, 2.0, None, 0.0),
    ],
    "no missing bin": [bin_row("f0", 1, None, None, 0.0)],
    "two missing bins": [
        bin_row("f0", 0, None, None, 0.0, kind="missing"),
        bin_row("f0", 1, None, None, 0.0, kind="missing"),
        bin_row("f0", 2, None, None, 0.0),
    ],
    "a closed end": [
        bin_row("f0", 0, None, None, 0.0, kind="missing"),
        bin_row("f0", 1, None, 1.0, 0.0),
    ],
    "an empty range": [
        bin_row("f0", 0, None, None, 0.0, kind="missing"),
        bin_row("f0", 1, None, 1.0, 0.0),
        bin_row("f0", 2, 1.0, 1.0, 0.0),
        bin_row("f0", 3, 1.0, None, 0.0),
    ],
}


@pytest.mark.parametrize("bins", BROKEN_BINS.values(), ids=BROKEN_BINS.keys())
def test_bins_that_leave_a_doubt_are_refused(bins: list[BinRow]) -> None:
    with pytest.raises(ValueError, match="f0"):
        Scorecard(document(codes=["R1"], bins=bins))


def test_grades_that_leave_a_gap_are_refused() -> None:
    grades = [
        GradeRow(grade="A", lower=120.0, upper=None, action="approve"),
        GradeRow(grade="B", lower=None, upper=CUTOFF, action="refer"),
    ]
    with pytest.raises(ValueError, match="do not partition"):
        Scorecard(document(codes=["R1"], grades=grades))
