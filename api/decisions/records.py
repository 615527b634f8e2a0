"""What is written down: decisions and their reviews, each one line of JSON.

The fields stand in the order below, without white space, in UTF-8; a double has as
many digits as it needs to be read back exactly. The last field is the SHA-256 of the
same line with that field empty, and each line holds the hash of the one before it in
its log: a chain, in which no line can be changed, moved or taken out unnoticed.
"""

import hashlib
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from api.bins import FeatureValue
from api.schemas.fields import (
    Action,
    Amount,
    Author,
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
from api.schemas.scores import Reasons

RECORD_FORMAT: Final = 1
HASH_LENGTH: Final = 64
FIRST_HASH: Final = "0" * HASH_LENGTH
EXAMPLE_HASH: Final = hashlib.sha256(b"").hexdigest()
_END: Final = b'"}'

Format = Annotated[int, Meta(description="Version of the record.", examples=[1])]
LogName = Annotated[
    str,
    Meta(
        description="Log that holds the record: the process that wrote it.",
        examples=["20261124T113816-5b1e02aa9c3d"],
    ),
]
SequenceNumber = Annotated[
    int, Meta(description="Place in the log, from 1.", examples=[17])
]
RecordedAt = Annotated[
    str,
    Meta(
        description="Time of the record, UTC; later than that of the record before it "
        "in its log, also when the clock goes back.",
        examples=["2026-11-24T11:38:16.123456Z"],
    ),
]
ActorName = Annotated[
    str,
    Meta(description="Name of the API key that asked.", examples=["checkout"]),
]
Sha256 = Annotated[
    str,
    Meta(
        description="SHA-256, hex digits.",
        examples=[EXAMPLE_HASH],
    ),
]


class LogEnd(Struct, frozen=True):
    """How far a log had come."""

    writer: LogName
    size: Annotated[int, Meta(description="Its bytes.", examples=[1893])]
    record_hash: Annotated[
        str, Meta(description="Hash of its last record.", examples=[EXAMPLE_HASH])
    ]


OtherLogs = Annotated[
    list[LogEnd],
    Meta(
        description="In the first record of a log: how far the others had come, where "
        "no log says so yet. One of them that is gone or cut is missed by python -m "
        "api verify.",
        examples=[[]],
    ),
]


class DecisionRecord(Struct, kw_only=True, tag_field="kind", tag="decision"):
    """A decision and all that it stands on."""

    format: Format = RECORD_FORMAT
    writer: LogName = ""
    sequence: SequenceNumber = 0
    recorded_at: RecordedAt = ""
    actor: ActorName
    decision_id: DecisionId
    customer_id: CustomerId
    amount: Amount | None
    idempotency_key_hash: Annotated[
        str | None,
        Meta(
            description="SHA-256 of the idempotency key, if one was given.",
            examples=[None],
        ),
    ]
    release_id: ReleaseId
    manifest_hash: Annotated[
        str,
        Meta(
            description="SHA-256 of the manifest of the release, which holds those of "
            "its files.",
            examples=[EXAMPLE_HASH],
        ),
    ]
    model_version: ModelVersion
    snapshot_date: SnapshotDate
    snapshot_age_days: Annotated[
        int,
        Meta(
            description="Days from the snapshot to the decision, which policy reads.",
            examples=[3],
        ),
    ]
    target: Target
    data: Data
    disclaimer: Disclaimer
    status: ScoreStatus
    not_scored_reason: NotScoredReason
    features: Annotated[
        dict[str, FeatureValue] | None,
        Meta(
            description="Value by feature; null without a score.",
            examples=[{"recency_days": 3.5, "main_channel": "channel_1"}],
        ),
    ]
    points: Annotated[
        dict[str, float] | None,
        Meta(
            description="Points by feature of the card; they sum to the score.",
            examples=[{"recency_days": 61.25}],
        ),
    ]
    score: ScoreValue | None
    score_shown: ScoreShown | None
    proxy_probability: ProxyProbability | None
    grade: Grade | None
    action: Action
    reasons: Reasons
    reason_reference: ReasonReference
    wording_version: WordingVersion
    other_logs: OtherLogs | UnsetType = UNSET
    previous_hash: Sha256 = ""
    record_hash: Sha256 = ""


class ReviewRecord(Struct, kw_only=True, tag_field="kind", tag="review"):
    """What a person made of a decision; the decision itself stays as it was."""

    format: Format = RECORD_FORMAT
    writer: LogName = ""
    sequence: SequenceNumber = 0
    recorded_at: RecordedAt = ""
    actor: ActorName
    review_id: Annotated[
        str,
        Meta(
            description="Id of the review.",
            examples=["6c0c4b5e-6d1f-4a52-8a57-bd7b0f1b4a4e"],
        ),
    ]
    decision_id: DecisionId
    author: Author
    outcome: ReviewOutcome
    reason: ReviewReason
    other_logs: OtherLogs | UnsetType = UNSET
    previous_hash: Sha256 = ""
    record_hash: Sha256 = ""


Record = DecisionRecord | ReviewRecord

_encoder: Final = msgspec.json.Encoder()
_decoder: Final[msgspec.json.Decoder[Record]] = msgspec.json.Decoder(
    DecisionRecord | ReviewRecord
)


class BrokenRecordError(Exception):
    """A line is not a record, or not the one that was written; says how."""


def seal(record: Record) -> bytes:
    r"""Give a record its hash and write it as a line.

    Examples
    --------
    >>> review = ReviewRecord(
    ...     actor="desk", review_id="1", decision_id="2", author="A", outcome="approve",
    ...     reason="called",
    ... )
    >>> line = seal(review)
    >>> line.endswith(review.record_hash.encode() + b'"}\n'), read(line) == review
    (True, True)
    """
    record.record_hash = ""
    text = _encoder.encode(record)
    record.record_hash = hashlib.sha256(text).hexdigest()
    return b"%b%b%b\n" % (
        text.removesuffix(_END),
        record.record_hash.encode(),
        _END,
    )


def read(line: bytes) -> Record:
    """Read a line and compare it with its own hash.

    Raises
    ------
    BrokenRecordError
        If it is not a record, or its bytes are not those that were hashed.
    """
    text = line.removesuffix(b"\n")
    try:
        record = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = f"it is not a record: {error}"
        raise BrokenRecordError(message) from error
    if record.format != RECORD_FORMAT:
        message = f"it has format {record.format}, expected {RECORD_FORMAT}"
        raise BrokenRecordError(message)
    hashed = text[: -(HASH_LENGTH + len(_END))] + _END
    found = hashlib.sha256(hashed).hexdigest()
    if found != record.record_hash:
        message = f"its bytes have the hash {found}, it says {record.record_hash}"
        raise BrokenRecordError(message)
    return record


def key_hash(idempotency_key: str) -> str:
    """Hash an idempotency key; a record must not hold what a caller chose.

    Examples
    --------
    >>> key_hash("order 17")[:12]
    '0bcc920e3938'
    """
    return hashlib.sha256(idempotency_key.encode()).hexdigest()
