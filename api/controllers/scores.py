"""Endpoints for scores."""

from typing import Final

from litestar import Controller, get, post
from litestar.params import RawBody
from litestar.types import Scope

from api import answers
from api.body import require_json
from api.controllers.shared import (
    NO_RELEASE,
    CustomerIdInPath,
    Store,
    documented_problems,
    store_of,
)
from api.encoded import Encoded
from api.openapi import PredictOperation, ScoresOperation
from api.schemas.batch import Scores
from api.schemas.features import CustomerFeatures
from api.schemas.scores import CustomerScore, Prediction

# 10,000 ids of a hundred bytes.
LARGEST_LIST: Final = 1024 * 1024


class ScoreController(Controller):
    """Scores of customers and of given feature values."""

    tags = ("Scores",)

    @get(
        "/customers/{customer_id:str}/score",
        operation_id="get_customer_score",
        summary="Score of a known customer",
        description="Computed from the features frozen in the release. A customer "
        "who is known but not eligible has `status` not_scored and no score.",
        responses=documented_problems(
            {
                400: "The path cannot be read.",
                404: "The release knows no such customer.",
                503: NO_RELEASE,
            }
        ),
    )
    async def get_customer_score(
        self, customer_id: CustomerIdInPath, scope: Scope
    ) -> Encoded[CustomerScore]:
        """Score one customer."""
        # Without the dependency, whose resolution takes as long as the score.
        with store_of(scope).lease() as release:
            return Encoded(await answers.customer_score(release, customer_id))

    @get(
        "/customers/{customer_id:str}/features",
        operation_id="get_customer_features",
        summary="Features of a known customer",
        description="The 26 values that a score of this customer is computed from.",
        responses=documented_problems(
            {
                400: "The path cannot be read.",
                404: "The release knows no such customer.",
                503: NO_RELEASE,
            }
        ),
    )
    async def get_customer_features(
        self, customer_id: CustomerIdInPath, store: Store
    ) -> CustomerFeatures:
        """Tell the features of one customer."""
        with store.lease() as release:
            return await answers.customer_features(release, customer_id)

    @post(
        "/scores",
        operation_id="score_customers",
        summary="Scores of many customers",
        description="Up to 10,000 customers, answered in the order given and all from "
        "one release. Each has a status: scored, not_scored, or unknown.",
        status_code=200,
        operation_class=ScoresOperation,
        request_max_body_size=LARGEST_LIST,
        responses=documented_problems(
            {
                400: "The body is not JSON.",
                413: "The body is too large.",
                415: "The body is something else than JSON.",
                422: "The ids are missing, too many, or something else than text.",
                503: NO_RELEASE,
            }
        ),
    )
    async def score_customers(
        self, body: RawBody, scope: Scope, store: Store
    ) -> Scores:
        """Score many customers."""
        require_json(scope)
        with store.lease() as release:
            return await answers.scores_of_many(release, body)

    @post(
        "/predict",
        operation_id="predict",
        summary="Score of given feature values",
        description="All 26 features by name, or as a list in contract order; null "
        "is a missing value. 1 is high risk: below the cut-off of the policy.",
        status_code=200,
        operation_class=PredictOperation,
        responses=documented_problems(
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
    def predict(self, body: RawBody, scope: Scope, store: Store) -> Prediction:
        """Score one vector of feature values."""
        require_json(scope)
        return answers.prediction(store.current(), body)
