"""Scores of many customers at once."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from api.schemas.fields import (
    EXAMPLE_CUSTOMER,
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
from api.schemas.scores import EXAMPLE_REASON, Reasons


class ScoreOfMany(Struct, frozen=True):
    """The score of one of many customers, or why there is none."""

    customer_id: CustomerId
    status: Annotated[
        Literal["scored", "not_scored", "unknown"],
        Meta(
            description="unknown: the release knows no such customer.",
            examples=["scored"],
        ),
    ]
    not_scored_reason: Annotated[
        str | None,
        Meta(
            description="Why a known customer has no score.",
            examples=["no_recent_transactions"],
        ),
    ] = None
    score: ScoreValue | None = None
    score_shown: ScoreShown | None = None
    proxy_probability: ProxyProbability | None = None
    grade: Grade | None = None
    action: ProposedAction | None = None
    reasons: Reasons = []
    reason_reference: ReasonReference | None = None


EXAMPLE_SCORED: Final = ScoreOfMany(
    EXAMPLE_CUSTOMER,
    "scored",
    score=583.2741903,
    score_shown=583,
    proxy_probability=0.0342,
    grade="C",
    action="approve",
    reasons=[EXAMPLE_REASON],
    reason_reference="training_mean",
)


class Scores(Struct, frozen=True):
    """Scores in the order of the ids that were given, all from one release."""

    scores: Annotated[
        list[ScoreOfMany],
        Meta(
            description="One for each id.",
            examples=[[EXAMPLE_SCORED, ScoreOfMany("nobody", "unknown")]],
        ),
    ]
    wording_version: WordingVersion
    snapshot_date: SnapshotDate
    target: Target
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
    disclaimer: Disclaimer
