"""The endpoints: each hands over to one answer."""

from typing import Annotated, Final

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter, RawBody

from api import answers
from api.body import require_json
from api.openapi import PredictOperation
from api.problems import PROBLEM_MEDIA_TYPE
from api.release_store import ReleaseStore
from api.schemas.fields import EXAMPLE_CUSTOMER
from api.schemas.health import Health, Ready
from api.schemas.problem import Problem
from api.schemas.scores import CustomerScore, Prediction


def problems(descriptions: dict[int, str]) -> dict[int, ResponseSpec]:
    """Document the error answers of an endpoint, by status."""
    return {
        status: ResponseSpec(
            Problem,
            description=description,
            media_type=PROBLEM_MEDIA_TYPE,
            generate_examples=False,
        )
        for status, description in descriptions.items()
    }


Store = NamedDependency[ReleaseStore]
NO_RELEASE: Final = "No release is served."
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


class HealthController(Controller):
    """The state of the process."""

    tags = ("Health",)

    @get(
        "/health",
        operation_id="get_health",
        summary="What is served, and is all well",
        description="Always answers 200; `status` is degraded without a release.",
        sync_to_thread=False,
    )
    def get_health(self, store: Store) -> Health:
        """Answer for monitoring."""
        return answers.health(store)

    @get(
        "/ready",
        operation_id="get_ready",
        summary="Can it answer",
        description="200 with a release, 503 without: for a load balancer.",
        responses=problems({503: NO_RELEASE}),
        sync_to_thread=False,
    )
    def get_ready(self, store: Store) -> Ready:
        """Answer for a load balancer."""
        return answers.ready(store)


class ScoreController(Controller):
    """Scores of customers and of given feature values."""

    tags = ("Scores",)

    # Handlers run on the event loop. Measured with 32 requests at a time on a
    # million customers: in threads the same throughput, but p99 106 ms
    # instead of 6 ms, as threads wait for the interpreter.
    @get(
        "/customers/{customer_id:str}/score",
        operation_id="get_customer_score",
        summary="Score of a known customer",
        description="Computed from the features frozen in the release. A customer "
        "who is known but not eligible has `status` not_scored and no score.",
        responses=problems(
            {
                400: "The path cannot be read.",
                404: "The release knows no such customer.",
                503: NO_RELEASE,
            }
        ),
        sync_to_thread=False,
    )
    def get_customer_score(
        self, customer_id: CustomerIdInPath, store: Store
    ) -> CustomerScore:
        """Score one customer."""
        return answers.customer_score(store.current(), customer_id)

    @post(
        "/predict",
        operation_id="predict",
        summary="Score of given feature values",
        description="All 26 features by name, or as a list in contract order; null "
        "is a missing value. 1 is high risk: below the cut-off of the policy.",
        status_code=200,
        operation_class=PredictOperation,
        guards=[require_json],
        responses=problems(
            {
                400: "The body is not JSON.",
                413: "The body is too large.",
                415: "The body is something else than JSON.",
                422: "A feature is missing, unknown, given twice, or has a value that "
                "cannot be.",
                503: NO_RELEASE,
            }
        ),
        sync_to_thread=False,
    )
    def predict(self, body: RawBody, store: Store) -> Prediction:
        """Score one vector of feature values."""
        return answers.prediction(store.current(), body)
