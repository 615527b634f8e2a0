"""Endpoints for those who run the process."""

from litestar import Controller, get

from api import answers
from api.controllers.shared import NO_RELEASE, Decisions, Store, documented_problems
from api.schemas.health import Health, Ready

NO_INDEX = "the index of decisions is still read from the logs."


class HealthController(Controller):
    """The state of the process."""

    tags = ("Health",)

    @get(
        "/health",
        operation_id="get_health",
        summary="What is served, and is all well",
        description="Always answers 200; `status` is degraded while the current "
        "release is not served, or decisions cannot be recorded.",
        sync_to_thread=False,
    )
    def get_health(self, store: Store, decisions: Decisions) -> Health:
        """Answer for monitoring."""
        return answers.health(store, decisions.recording)

    @get(
        "/ready",
        operation_id="get_ready",
        summary="Can it answer",
        description="200 with a release and an index of all decisions, 503 without: "
        "for a load balancer.",
        responses=documented_problems({503: f"{NO_RELEASE} Or {NO_INDEX}"}),
        sync_to_thread=False,
    )
    def get_ready(self, store: Store, decisions: Decisions) -> Ready:
        """Answer for a load balancer."""
        decisions.require_ready()
        return answers.ready(store)
