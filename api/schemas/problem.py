"""Errors, as RFC 9457 problem details."""

from typing import Annotated

from msgspec import Meta, Struct


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
    request_id: Annotated[
        str | None,
        Meta(
            description="Id of the request, as in the header X-Request-ID and the log.",
            examples=["9f86d081884c7d6500000001"],
        ),
    ] = None
