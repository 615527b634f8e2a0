"""The model that scores: its contract, its card, its rating scale."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.schemas.fields import (
    Action,
    Data,
    Disclaimer,
    Grade,
    ModelVersion,
    ReleaseId,
    SnapshotDate,
    Target,
    WordingVersion,
)

Lower = Annotated[
    float | None,
    Meta(description="Lower bound, included; null is open.", examples=[3.5]),
]
Upper = Annotated[
    float | None,
    Meta(description="Upper bound, excluded; null is open.", examples=[14.25]),
]


class Bin(Struct, frozen=True):
    """Values of one feature that get the same points."""

    kind: Annotated[
        Literal["missing", "range", "category", "other"],
        Meta(description="Which values it holds.", examples=["range"]),
    ]
    lower: Lower
    upper: Upper
    categories: Annotated[
        list[str] | None,
        Meta(description="Categories of this bin.", examples=[["ChannelId_3"]]),
    ]
    points: Annotated[
        float, Meta(description="Points towards the score.", examples=[48.125])
    ]


class ModelFeature(Struct, frozen=True):
    """A feature of the contract, and its points if the card has it."""

    position: Annotated[
        int, Meta(description="Place in the contract, from 1.", examples=[1])
    ]
    name: Annotated[str, Meta(description="Name.", examples=["recency_days"])]
    kind: Annotated[
        Literal["numeric", "categorical"],
        Meta(description="Number or category.", examples=["numeric"]),
    ]
    unit: Annotated[str, Meta(description="Unit.", examples=["days"])]
    formula: Annotated[
        str,
        Meta(
            description="What it is, in words.",
            examples=["Days since the last transaction"],
        ),
    ]
    in_card: Annotated[
        bool, Meta(description="Whether it carries points.", examples=[True])
    ]
    reference_points: Annotated[
        float | None,
        Meta(
            description="Mean points of the training rows, which a reason is measured "
            "against; null outside the card.",
            examples=[51.5],
        ),
    ]
    reason_code: Annotated[str, Meta(description="Reason code.", examples=["R01"])]
    customer_wording: Annotated[
        str,
        Meta(
            description="What a customer is told.",
            examples=["The time since your last purchase"],
        ),
    ]
    bins: Annotated[
        list[Bin], Meta(description="Its bins; none outside the card.", examples=[[]])
    ]


class ScaleGrade(Struct, frozen=True):
    """One grade of the rating scale."""

    grade: Grade
    lower: Lower
    upper: Upper
    action: Action


class Model(Struct, frozen=True):
    """All that turns 26 feature values into a score, a grade and an action."""

    model_name: Annotated[
        str, Meta(description="Registered name.", examples=["credit_scoring_model"])
    ]
    model_version: ModelVersion
    release_id: ReleaseId
    snapshot_date: SnapshotDate
    data: Data
    target: Target
    label_source: Annotated[
        str,
        Meta(
            description="proxy or observed: where the target comes from.",
            examples=["proxy"],
        ),
    ]
    agreement_with_inactivity: Annotated[
        float | None,
        Meta(
            description="Share of the training rows whose label says 'bought nothing'.",
            examples=[0.99],
        ),
    ]
    disclaimer: Disclaimer
    score_offset: Annotated[
        float,
        Meta(
            description="score = score_offset + score_factor * ln(good:bad odds).",
            examples=[487.123],
        ),
    ]
    score_factor: Annotated[
        float,
        Meta(description="Points to double the odds over ln 2.", examples=[28.8539]),
    ]
    score_shown_min: Annotated[
        int, Meta(description="Lowest score that is shown.", examples=[300])
    ]
    score_shown_max: Annotated[
        int, Meta(description="Highest score that is shown.", examples=[850])
    ]
    cutoff_score: Annotated[
        float, Meta(description="High risk is below it.", examples=[512.5])
    ]
    reasons_at_most: Annotated[
        int, Meta(description="Most reasons that are given.", examples=[4])
    ]
    wording_version: WordingVersion
    features: Annotated[
        list[ModelFeature],
        Meta(description="The contract, in order.", examples=[[]]),
    ]
    rating_scale: Annotated[
        list[ScaleGrade], Meta(description="Grades, safest first.", examples=[[]])
    ]
