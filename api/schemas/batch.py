"""Scores of many customers at once."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.schemas.fields import (
    Action,
    CustomerId,
    Data,
    Disclaimer,
    Grade,
    ModelVersion,
    ProxyProbability,
    ReasonReference,
    ReleaseId,
    ScoreShown,
    ScoreValue,
    SnapshotDate,
    Target,
    WordingVersion,
)
from api.schemas.scores import Reason


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
    action: Action | None = None
    reasons: list[Reason] = []
    reason_reference: ReasonReference | None = None


class Scores(Struct, frozen=True):
    """Scores in the order of the ids that were given, all from one release."""

    scores: list[ScoreOfMany]
    wording_version: WordingVersion
    snapshot_date: SnapshotDate
    target: Target
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
    disclaimer: Disclaimer
