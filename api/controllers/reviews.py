"""Endpoints for the people who review decisions."""

from litestar import Controller, get, post
from litestar.params import RawBody
from litestar.types import Scope

from api.access.gate import actor_of_request
from api.body import read_struct, require_json
from api.controllers.decisions import (
    DAMAGED,
    NOT_FOUND,
    NOT_READABLE,
    After,
    DecisionIdInPath,
    Limit,
)
from api.controllers.shared import REVIEW_IN_DOUBT, Decisions, documented_problems
from api.openapi import body_of
from api.query import require_query
from api.schemas.decisions import DecisionList, RecordedDecision, ReviewRequest


class ReviewController(Controller):
    """Reviews of decisions by people."""

    tags = ("Reviews",)

    @get(
        "/reviews",
        operation_id="list_reviews",
        summary="Referred decisions that wait for a person",
        description="The oldest first, a page at a time.",
        responses=documented_problems(
            {
                400: "A parameter is unknown, given twice, or cannot be.",
                404: "There is no decision with the id in `after`.",
                503: NOT_READABLE,
            }
        ),
    )
    async def list_reviews(
        self,
        decisions: Decisions,
        scope: Scope,
        after: After = None,
        limit: Limit = 20,
    ) -> DecisionList:
        """List what is to be reviewed."""
        require_query(scope, "after", "limit")
        return await decisions.awaiting_review(after=after, limit=limit)

    @post(
        "/decisions/{decision_id:str}/review",
        operation_id="review_decision",
        summary="Approve or decline a decision",
        description="A second record beside the decision, which stays as it was. Any "
        "decision can be reviewed, and again: the latest review is the outcome. Sent "
        "again with the same author, outcome and reason, the latest is answered and "
        "none is added. Who asks is recorded besides the author; that they are not the "
        "same person who asked for the decision is a rule for the bank to make.",
        operation_class=body_of(ReviewRequest, "The outcome and why."),
        responses=documented_problems(
            {
                400: "The body is not JSON.",
                404: NOT_FOUND,
                413: "The body is too large.",
                415: "The body is something else than JSON.",
                422: "A field is missing, blank, unknown, given twice, or has a value "
                "that cannot be.",
                500: DAMAGED,
                503: "The review cannot be written to disk: nothing was recorded, "
                "unless the answer says otherwise. "
                f"When time runs out: {REVIEW_IN_DOUBT}",
            }
        ),
    )
    async def review_decision(
        self,
        decision_id: DecisionIdInPath,
        body: RawBody,
        decisions: Decisions,
        scope: Scope,
    ) -> RecordedDecision:
        """Review one decision."""
        require_json(scope)
        request = read_struct(body, ReviewRequest)
        return await decisions.review(decision_id, request, actor_of_request(scope))
