"""The features of a known customer."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.schemas.fields import CustomerId, Data, ModelVersion, ReleaseId, SnapshotDate


class CustomerFeatures(Struct, frozen=True):
    """What a score is computed from, as frozen in the release."""

    customer_id: CustomerId
    status: Annotated[
        Literal["scored", "not_scored"],
        Meta(description="Whether there are features.", examples=["scored"]),
    ]
    not_scored_reason: Annotated[
        str | None,
        Meta(
            description="Why there are none; null when there are.",
            examples=["no_recent_transactions"],
        ),
    ]
    features: Annotated[
        dict[str, float | str | None] | None,
        Meta(
            description="Value of every feature of the contract, which GET /model "
            "describes; null is a missing value.",
            examples=[{"recency_days": 3.25, "main_channel": "ChannelId_3"}],
        ),
    ]
    snapshot_date: SnapshotDate
    data: Data
    model_version: ModelVersion
    release_id: ReleaseId
