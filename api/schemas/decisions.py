"""Decisions and reviews, as they are asked for and answered."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from api.decisions.records import (
    EXAMPLE_HASH,
    DecisionRecord,
    RecordedAt,
    ReviewRecord,
)
from api.schemas.fields import (
    AMOUNT,
    DISCLAIMER,
    EXAMPLE_CUSTOMER,
    EXAMPLE_DECISION,
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
from api.schemas.scores import EXAMPLE_REASON, Reasons

EXAMPLE_RECORD: Final = DecisionRecord(
    writer="20261124T113816-5b1e02aa9c3d",
    sequence=17,
    recorded_at="2026-11-24T11:38:16.123456Z",
    actor="checkout",
    decision_id=EXAMPLE_DECISION,
    customer_id=EXAMPLE_CUSTOMER,
    amount=120.5,
    idempotency_key_hash=None,
    release_id="20190214-3f9a1c0b77de-5b1e02aa",
    manifest_hash=EXAMPLE_HASH,
    model_version="3f9a1c0b77de",
    snapshot_date="2019-02-14",
    snapshot_age_days=3,
    target="expected inactivity",
    data="simulated",
    disclaimer=DISCLAIMER,
    status="scored",
    not_scored_reason=None,
    features={"recency_days": 3.25, "main_channel": "ChannelId_3"},
    points={"recency_days": 318.125, "main_channel": 265.1491903},
    score=583.2741903,
    score_shown=583,
    proxy_probability=0.0342,
    grade="C",
    action="approve",
    reasons=[EXAMPLE_REASON],
    reason_reference="training_mean",
    wording_version="d7454c1147fc",
    previous_hash=EXAMPLE_HASH,
    record_hash=EXAMPLE_HASH,
)


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
            "decision that was made is answered and none is added. 1 to 200 "
            "characters, not blank and without control characters.",
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
    reasons: Reasons
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
        Meta(
            description="The record, as it is in the log.",
            # A struct: of a dict, Litestar leaves out what is null.
            examples=[EXAMPLE_RECORD],
        ),
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
