"""Endpoints for those who run the process."""

from litestar import Controller, get

from api import answers
from api.controllers.shared import NO_RELEASE, Store, documented_problems
from api.schemas.health import Health, Ready


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
        responses=documented_problems({503: NO_RELEASE}),
        sync_to_thread=False,
    )
    def get_ready(self, store: Store) -> Ready:
        """Answer for a load balancer."""
        return answers.ready(store)
