"""What the endpoints have in common: parameters, dependencies, documented errors."""

from typing import Annotated, Final

from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from litestar.types import Scope
from msgspec import to_builtins

from api.decisions.service import DecisionService
from api.problems import PROBLEM_MEDIA_TYPE, example_of
from api.release_store import ReleaseStore
from api.schemas.fields import EXAMPLE_CUSTOMER
from api.schemas.problem import Problem


def documented_problems(descriptions: dict[int, str]) -> dict[int, ResponseSpec]:
    """Document the error answers of an endpoint, by status, each with an example."""
    return {
        status: ResponseSpec(
            Problem,
            description=description,
            media_type=PROBLEM_MEDIA_TYPE,
            generate_examples=False,
            examples=[
                Example(
                    summary=description,
                    value=to_builtins(example_of(status, description)),
                )
            ],
        )
        for status, description in descriptions.items()
    }


Store = NamedDependency[ReleaseStore]
Decisions = NamedDependency[DecisionService]


def store_of(scope: Scope) -> ReleaseStore:
    """Return the store of the application that is asked."""
    store: ReleaseStore = scope["litestar_app"].state.store
    return store


def decisions_of(scope: Scope) -> DecisionService:
    """Return the decisions of the application that is asked."""
    decisions: DecisionService = scope["litestar_app"].state.decisions
    return decisions


NO_RELEASE: Final = "No release is served."
DECISION_IN_DOUBT: Final = (
    "It may have been recorded; ask again with the same idempotency_key."
)
REVIEW_IN_DOUBT: Final = (
    "It may have been recorded; GET /decisions/{decision_id} shows the reviews."
)
# By method and route: said where a request that wrote something is given up.
IN_DOUBT: Final = {
    ("POST", "/decisions"): DECISION_IN_DOUBT,
    ("POST", "/decisions/{decision_id}/review"): REVIEW_IN_DOUBT,
}
CustomerIdInPath = Annotated[
    str,
    PathParameter(
        description="Customer as named in the transactions (CustomerId), "
        "percent-encoded; a slash is %2F.",
        examples=[
            Example(
                summary="A customer of the simulated data; with yours, one of yours",
                value=EXAMPLE_CUSTOMER,
            )
        ],
    ),
]
