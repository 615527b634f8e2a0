"""Decisions and reviews, as they are asked for and answered."""

from typing import Annotated

from msgspec import Meta, Struct

from api.decisions.records import DecisionRecord, RecordedAt, ReviewRecord
from api.schemas.fields import (
    AMOUNT,
    Action,
    Amount,
    Author,
    CurrentOutcome,
    CustomerId,
    Data,
    DecisionId,
    Disclaimer,
    Grade,
    ModelVersion,
    NotScoredReason,
    ProxyProbability,
    ReasonReference,
    ReleaseId,
    ReviewOutcome,
    ReviewReason,
    ScoreShown,
    ScoreStatus,
    ScoreValue,
    SnapshotDate,
    Target,
    WordingVersion,
)
from api.schemas.scores import Reason


class DecisionRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What to decide."""

    customer_id: CustomerId
    amount: Annotated[
        Amount | None,
        Meta(description=f"{AMOUNT}; null where none is known.", examples=[120.5]),
    ] = None
    idempotency_key: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)] | None,
        Meta(
            description="Chosen by the caller, one per request: sent again, the "
            "decision that was made is answered and none is added.",
            examples=["order-2026-000017"],
        ),
    ] = None


class ReviewRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person decided, and why."""

    outcome: ReviewOutcome
    reason: ReviewReason
    author: Author


class Decision(Struct, frozen=True):
    """A decision, as told to the one who asked."""

    decision_id: DecisionId
    decided_at: RecordedAt
    customer_id: CustomerId
    amount: Amount | None
    action: Action
    outcome: CurrentOutcome
    reasons: list[Reason]
    reason_reference: ReasonReference
    wording_version: WordingVersion
    status: ScoreStatus
    not_scored_reason: NotScoredReason
    score: ScoreValue | None
    score_shown: ScoreShown | None
    proxy_probability: ProxyProbability | None
    grade: Grade | None
    snapshot_date: SnapshotDate
    target: Target
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
    disclaimer: Disclaimer


class DecisionList(Struct, frozen=True):
    """A page of decisions."""

    decisions: Annotated[
        list[Decision], Meta(description="The decisions of this page.", examples=[[]])
    ]
    next_after: Annotated[
        str | None,
        Meta(
            description="Value of `after` for the next page; null on the last one.",
            examples=[None],
        ),
    ]
    damaged: Annotated[
        list[str],
        Meta(
            description="Ids of decisions that belong on this page and are not told, "
            "as a record of them is not what was written; python -m api verify checks "
            "all.",
            examples=[[]],
        ),
    ]


class RecordedDecision(Struct, frozen=True):
    """A decision with all that it stands on, and what became of it."""

    outcome: CurrentOutcome
    record: Annotated[
        DecisionRecord,
        Meta(description="The record, as it is in the log.", examples=[{}]),
    ]
    reviews: Annotated[
        list[ReviewRecord],
        Meta(description="Its reviews, in order.", examples=[[]]),
    ]


class Difference(Struct, frozen=True):
    """A field that comes out differently."""

    field: Annotated[
        str, Meta(description="Name of the field.", examples=["features.recency_days"])
    ]
    recorded: Annotated[str, Meta(description="As recorded, JSON.", examples=["3.5"])]
    recomputed: Annotated[
        str, Meta(description="As computed again, JSON.", examples=["4.5"])
    ]


class Replay(Struct, frozen=True):
    """A decision computed again from its release."""

    decision_id: DecisionId
    identical: Annotated[
        bool,
        Meta(description="Whether every field came out the same.", examples=[True]),
    ]
    differences: Annotated[
        list[Difference],
        Meta(description="The fields that did not, in order.", examples=[[]]),
    ]
    problem: Annotated[
        str | None,
        Meta(
            description="The file or hash that is missing, where it could not be "
            "computed again; null where it could.",
            examples=[None],
        ),
    ]
    release_id: ReleaseId
