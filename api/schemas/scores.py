"""Scores: of a known customer, and of given feature values."""

from typing import Annotated, Final, Literal, TypedDict

from msgspec import Meta, Struct

from api.schemas.fields import (
    CustomerId,
    Data,
    Disclaimer,
    Grade,
    ModelVersion,
    ProposedAction,
    ProxyProbability,
    ReasonReference,
    ReleaseId,
    ScoreShown,
    ScoreValue,
    SnapshotDate,
    Target,
    WordingVersion,
)


class Stamp(TypedDict):
    """What a score stands on: the same for every answer of one release."""

    target: Target
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
    wording_version: WordingVersion
    disclaimer: Disclaimer


class Reason(Struct, frozen=True):
    """One of at most four reasons that cost points, largest first."""

    code: Annotated[str, Meta(description="Reason code.", examples=["R01"])]
    wording: Annotated[
        str,
        Meta(
            description="What to tell the customer.",
            examples=["The time since your last purchase"],
        ),
    ]
    loss: Annotated[
        float | None,
        Meta(
            description="Points below the reference; null for a policy reason.",
            examples=[14.625],
        ),
    ]


EXAMPLE_REASON: Final = Reason("R01", "The time since your last purchase", 14.625)
Reasons = Annotated[
    list[Reason],
    Meta(
        description="What cost points, largest loss first; at most four.",
        examples=[[EXAMPLE_REASON]],
    ),
]


class CustomerScore(Struct, frozen=True):
    """The score of one known customer, or why there is none."""

    customer_id: CustomerId
    status: Annotated[
        Literal["scored", "not_scored"],
        Meta(description="Whether there is a score.", examples=["scored"]),
    ]
    not_scored_reason: Annotated[
        str | None,
        Meta(
            description="Why there is no score; null when there is one.",
            examples=["no_recent_transactions"],
        ),
    ]
    score: ScoreValue | None
    score_shown: ScoreShown | None
    proxy_probability: ProxyProbability | None
    grade: Grade | None
    action: ProposedAction
    reasons: Reasons
    reason_reference: ReasonReference
    wording_version: WordingVersion
    snapshot_date: SnapshotDate
    target: Target
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
    disclaimer: Disclaimer


class Prediction(Struct, frozen=True):
    """What the scorecard says about 26 given feature values."""

    prediction: Annotated[
        int,
        Meta(ge=0, le=1, description="1 is high risk, 0 is not.", examples=[0]),
    ]
    probability: ProxyProbability
    risk_level: Annotated[
        Literal["low", "high"],
        Meta(
            description="high below the cut-off score of the policy, low otherwise.",
            examples=["low"],
        ),
    ]
    score: ScoreValue
    score_shown: ScoreShown
    grade: Grade
    action: ProposedAction
    reasons: Reasons
    reason_reference: ReasonReference
    wording_version: WordingVersion
    target: Target
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
    disclaimer: Disclaimer
