"""The state of the process."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.schemas.fields import Data, ModelVersion, ReleaseId, SnapshotDate


class Health(Struct, frozen=True):
    """The state of this process and what it serves."""

    status: Annotated[
        Literal["ok", "degraded"],
        Meta(
            description="degraded while the current release is not served, or "
            "decisions cannot be recorded.",
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
        Meta(
            description="Why the current release is not served; null when it is.",
            examples=[None],
        ),
    ]
    recording_problem: Annotated[
        str | None,
        Meta(
            description="Why decisions and reviews cannot be recorded, and are "
            "refused; null when they can. While they cannot, it is tried every second.",
            examples=[None],
        ),
    ]
    decisions_refused: Annotated[
        str | None,
        Meta(
            description="Why nothing is decided at the moment, though scores are "
            "answered; null when decisions are made.",
            examples=[None],
        ),
    ]
    data_warning: Annotated[
        str | None,
        Meta(
            description="That old data are decided on, as nothing limits their age; "
            "null when they are not old, or there is a limit.",
            examples=[None],
        ),
    ]


class Ready(Struct, frozen=True):
    """The release that is ready to answer."""

    status: Annotated[
        Literal["ready"], Meta(description="Always ready.", examples=["ready"])
    ]
    release_id: ReleaseId
