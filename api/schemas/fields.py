"""Fields that several answers share."""

from typing import Annotated, Final, Literal

from msgspec import Meta

DISCLAIMER: Final = "behavioural proxy, not a probability of default"
# One of those that the simulator makes up when there is no data.
EXAMPLE_CUSTOMER: Final = "CustomerId_1000"
AMOUNT: Final = "Amount that the customer asks for, in currency units"
EXAMPLE_DECISION: Final = "0c6e1c0f-52f1-4d0c-9d7c-3b1d4a8f2e11"

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
ProposedAction = Annotated[
    str,
    Meta(
        description="What the grade proposes: approve, or refer to a person. A "
        "decision applies the rules of the policy besides, and refers where the data "
        "are stale or the file is thin.",
        examples=["approve"],
    ),
]
Action = Annotated[
    str,
    Meta(
        description="What the grade and the rules of the policy say: approve, or refer "
        "to a person. On a proxy target nobody is declined automatically.",
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
DecisionId = Annotated[
    str,
    Meta(
        description="Id of the decision.",
        examples=[EXAMPLE_DECISION],
    ),
]
Amount = Annotated[
    float,
    Meta(
        description=f"{AMOUNT}.",
        examples=[120.5],
        gt=0,
        lt=1e14,
    ),
]
ScoreStatus = Annotated[
    Literal["scored", "not_scored"],
    Meta(description="Whether there is a score.", examples=["scored"]),
]
NotScoredReason = Annotated[
    str | None,
    Meta(
        description="Why there is no score; null when there is one.",
        examples=["no_recent_transactions"],
    ),
]
ReasonReference = Annotated[
    Literal["training_mean", "cutoff", "policy"],
    Meta(
        description="What the losses are measured against: training_mean, the mean "
        "points of the training rows; cutoff, an applicant whose score is the "
        "cut-off, where a referred customer loses nothing against the mean; policy, "
        "where a rule decided and not the score.",
        examples=["training_mean"],
    ),
]
WordingVersion = Annotated[
    str,
    Meta(
        description="12 hex digits over the wordings of all reason codes.",
        examples=["d7454c1147fc"],
    ),
]
Author = Annotated[
    str,
    Meta(
        description="Person who reviewed.",
        examples=["A. Officer"],
        min_length=1,
        max_length=200,
    ),
]
ReviewOutcome = Annotated[
    Literal["approve", "decline"],
    Meta(description="What the person decided.", examples=["approve"]),
]
ReviewReason = Annotated[
    str,
    Meta(
        description="Why, in words; it is kept with the decision.",
        examples=["Regular income shown"],
        min_length=1,
        max_length=2000,
    ),
]
CurrentOutcome = Annotated[
    str,
    Meta(
        description="The outcome of the latest review; without one, the action.",
        examples=["refer"],
    ),
]
