"""Fields that several answers share."""

from typing import Annotated, Final, Literal

from msgspec import Meta

DISCLAIMER: Final = "behavioural proxy, not a probability of default"
# One of those that the simulator makes up when there is no data.
EXAMPLE_CUSTOMER: Final = "CustomerId_1000"

CustomerId = Annotated[
    str,
    Meta(
        description="Customer as named in the transactions.",
        examples=[EXAMPLE_CUSTOMER],
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
Data = Annotated[
    Literal["raw", "simulated"],
    Meta(
        description="Whether the answer stands on the transactions of real customers "
        "or of simulated ones.",
        examples=["simulated"],
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
