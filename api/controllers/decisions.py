"""Endpoints for decisions."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter, RawBody
from litestar.types import Scope

from api.access.gate import actor_of_request
from api.body import read_struct, require_json
from api.controllers.shared import (
    DECISION_IN_DOUBT,
    NO_RELEASE,
    Decisions,
    decisions_of,
    documented_problems,
)
from api.encoded import Encoded
from api.openapi import body_of
from api.query import require_query
from api.schemas.decisions import (
    Decision,
    DecisionList,
    DecisionRequest,
    RecordedDecision,
    Replay,
)
from api.schemas.fields import EXAMPLE_CUSTOMER, EXAMPLE_DECISION

MOST_ON_A_PAGE = 100
NOT_FOUND = "There is no such decision."
NOT_READABLE = "The index of decisions cannot be read."
DAMAGED = "A record is not what was written; python -m api verify checks all."

DecisionIdInPath = Annotated[
    str,
    PathParameter(
        description="Id of a decision, as answered when it was made.",
        examples=[Example(summary="An id", value=EXAMPLE_DECISION)],
    ),
]
After = Annotated[
    str | None,
    QueryParameter(
        description="`next_after` of the page before.",
        examples=[Example(summary="The page behind this one", value=EXAMPLE_DECISION)],
    ),
]
Limit = Annotated[
    int,
    QueryParameter(
        description="Most decisions on a page.",
        ge=1,
        le=MOST_ON_A_PAGE,
        examples=[Example(summary="A page of 20", value=20)],
    ),
]
CustomerIdInQuery = Annotated[
    str,
    QueryParameter(
        description="Customer as named in the transactions (CustomerId).",
        examples=[Example(summary="A customer", value=EXAMPLE_CUSTOMER)],
    ),
]


class DecisionController(Controller):
    """Decisions about customers."""

    tags = ("Decisions",)

    @post(
        "/decisions",
        operation_id="create_decision",
        summary="Decide about a customer",
        description="The decision is recorded, and on disk before it is answered. Sent "
        "again with the same `idempotency_key`, the decision that was made is answered "
        "and none is added. The worst automatic action on a proxy is to refer.",
        operation_class=body_of(DecisionRequest, "What to decide."),
        responses=documented_problems(
            {
                400: "The body is not JSON.",
                404: "The release knows no such customer.",
                409: "The idempotency key was used for another request.",
                413: "The body is too large.",
                415: "The body is something else than JSON.",
                422: "A field is missing, unknown, given twice, or has a value that "
                "cannot be.",
                500: DAMAGED,
                503: f"{NO_RELEASE} Or decisions are stopped, or cannot be written to "
                "disk: then nothing was recorded, unless the answer says otherwise. "
                f"When time runs out: {DECISION_IN_DOUBT}",
            }
        ),
    )
    async def create_decision(self, body: RawBody, scope: Scope) -> Encoded[Decision]:
        """Decide about one customer."""
        require_json(scope)
        request = read_struct(body, DecisionRequest)
        actor = actor_of_request(scope)
        # Without the dependency, whose resolution takes as long as the score.
        return Encoded(await decisions_of(scope).decide(request, actor), status=201)

    @get(
        "/decisions/{decision_id:str}",
        operation_id="get_decision",
        summary="A decision with its reviews",
        description="The record as it is in the log, with every value it stands on.",
        responses=documented_problems(
            {
                400: "The path cannot be read.",
                404: NOT_FOUND,
                500: DAMAGED,
                503: NOT_READABLE,
            }
        ),
    )
    async def get_decision(
        self, decision_id: DecisionIdInPath, decisions: Decisions
    ) -> RecordedDecision:
        """Find one decision."""
        return await decisions.find(decision_id)

    @get(
        "/decisions",
        operation_id="list_decisions",
        summary="The decisions about a customer",
        description="The newest first, a page at a time.",
        responses=documented_problems(
            {
                400: "A parameter is missing, unknown, given twice, or cannot be.",
                404: "There is no decision with the id in `after`.",
                503: NOT_READABLE,
            }
        ),
    )
    async def list_decisions(
        self,
        decisions: Decisions,
        scope: Scope,
        customer_id: CustomerIdInQuery,
        after: After = None,
        limit: Limit = 20,
    ) -> DecisionList:
        """List decisions about one customer."""
        require_query(scope, "customer_id", "after", "limit")
        return await decisions.of_customer(customer_id, after=after, limit=limit)

    @post(
        "/decisions/{decision_id:str}/replay",
        operation_id="replay_decision",
        summary="Compute a decision again",
        description="From the release that the record names: every field is the same, "
        "or the answer says which differ, or which file or hash is missing.",
        status_code=200,
        responses=documented_problems(
            {
                400: "The path cannot be read.",
                404: NOT_FOUND,
                500: DAMAGED,
                503: NOT_READABLE,
            }
        ),
    )
    async def replay_decision(
        self, decision_id: DecisionIdInPath, decisions: Decisions
    ) -> Replay:
        """Replay one decision."""
        return await decisions.replay(decision_id)
