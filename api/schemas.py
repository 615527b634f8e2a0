"""What the API answers."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

DISCLAIMER: Final = "behavioural proxy, not a probability of default"

CustomerId = Annotated[
    str,
    Meta(
        description="Customer as named in the transactions.",
        examples=["CustomerId_4406"],
    ),
]
ScoreValue = Annotated[
    float,
    Meta(
        description="Unrounded sum of points; 20 more double the good:bad odds.",
        examples=[583.2741903],
    ),
]
ScoreShown = Annotated[
    int,
    Meta(
        description="Score rounded half up and clipped to 300 to 850.", examples=[583]
    ),
]
ProxyProbability = Annotated[
    float,
    Meta(description="Probability of the target, between 0 and 1.", examples=[0.0342]),
]
Grade = Annotated[
    str, Meta(description="Grade of the rating scale, A is safest.", examples=["C"])
]
Action = Annotated[
    str,
    Meta(
        description="What the policy does with this grade: approve, or refer to a "
        "person. On a proxy target nobody is declined automatically.",
        examples=["approve"],
    ),
]
Target = Annotated[
    str,
    Meta(
        description="What the probability is a probability of.",
        examples=["expected inactivity"],
    ),
]
ModelVersion = Annotated[
    str,
    Meta(
        description="12 hex digits over the tables of the scorecard.",
        examples=["3f9a1c0b77de"],
    ),
]
ReleaseId = Annotated[
    str,
    Meta(
        description="Release that answered.",
        examples=["20190214-3f9a1c0b77de-5b1e02aa"],
    ),
]
SnapshotDate = Annotated[
    str,
    Meta(
        description="Midnight UTC up to which transactions were read (ISO 8601).",
        examples=["2019-02-14"],
    ),
]
Disclaimer = Annotated[
    str | None,
    Meta(
        description="What the score is not; null once observed outcomes are the "
        "target.",
        examples=[DISCLAIMER],
    ),
]


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
            description="Points below the mean of the training rows; null for a "
            "policy reason.",
            examples=[14.625],
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
    action: Action
    reasons: list[Reason]
    target: Target
    snapshot_date: SnapshotDate
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
    action: Action
    reasons: list[Reason]
    target: Target
    model_version: ModelVersion
    release_id: ReleaseId
    disclaimer: Disclaimer


class Health(Struct, frozen=True):
    """The state of this process and what it serves."""

    status: Annotated[
        Literal["ok", "degraded"],
        Meta(description="degraded while no release is served.", examples=["ok"]),
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
    data: Annotated[
        Literal["raw", "simulated"] | None,
        Meta(
            description="Whether the customers are real or simulated.",
            examples=["simulated"],
        ),
    ]
    problem: Annotated[
        str | None,
        Meta(description="Why it is degraded; null when it is not.", examples=[None]),
    ]


class Ready(Struct, frozen=True):
    """The release that is ready to answer."""

    status: Annotated[
        Literal["ready"], Meta(description="Always ready.", examples=["ready"])
    ]
    release_id: ReleaseId


class FieldProblem(Struct, frozen=True):
    """What is wrong with one field of a request."""

    field: Annotated[
        str, Meta(description="Name of the field.", examples=["recency_days"])
    ]
    message: Annotated[
        str,
        Meta(
            description="What is wrong with it.",
            examples=["must be a number or null, got text"],
        ),
    ]


class Problem(Struct, frozen=True):
    """Problem details after RFC 9457."""

    type: Annotated[
        str,
        Meta(
            description="Kind of problem.",
            examples=["urn:problem-type:bati:unknown-customer"],
        ),
    ]
    title: Annotated[
        str, Meta(description="The kind in words.", examples=["Unknown customer"])
    ]
    status: Annotated[int, Meta(description="HTTP status.", examples=[404])]
    detail: Annotated[
        str,
        Meta(
            description="What is wrong here.",
            examples=["The release knows no customer with this id."],
        ),
    ]
    errors: Annotated[
        list[FieldProblem],
        Meta(description="The fields at fault.", examples=[[]]),
    ] = []
