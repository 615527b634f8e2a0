"""The state of the process."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.schemas.fields import Data, ModelVersion, ReleaseId, SnapshotDate


class Health(Struct, frozen=True):
    """The state of this process and what it serves."""

    status: Annotated[
        Literal["ok", "degraded"],
        Meta(
            description="degraded while the current release is not served.",
            examples=["ok"],
        ),
    ]
    model_loaded: Annotated[
        bool, Meta(description="Whether a release is served.", examples=[True])
    ]
    model_name: Annotated[
        str | None,
        Meta(description="Registered name.", examples=["credit_scoring_model"]),
    ]
    model_version: ModelVersion | None
    release_id: ReleaseId | None
    snapshot_date: SnapshotDate | None
    data: Data | None
    problem: Annotated[
        str | None,
        Meta(description="Why it is degraded; null when it is not.", examples=[None]),
    ]
    decisions_refused: Annotated[
        str | None,
        Meta(
            description="Why nothing is decided at the moment, though scores are "
            "answered; null when decisions are made.",
            examples=[None],
        ),
    ]


class Ready(Struct, frozen=True):
    """The release that is ready to answer."""

    status: Annotated[
        Literal["ready"], Meta(description="Always ready.", examples=["ready"])
    ]
    release_id: ReleaseId
