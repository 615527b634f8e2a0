"""Endpoints for those who run the process."""

from typing import Final

from litestar import Controller, get, route
from litestar.enums import HttpMethod

from api import answers
from api.controllers.shared import NO_RELEASE, Decisions, Store, documented_problems
from api.head_requests import without_body
from api.schemas.health import Health, Ready

NOT_READY: Final = (
    f"{NO_RELEASE} Or the index of decisions is still read from the logs."
)


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

    @route(
        "/health",
        http_method=HttpMethod.HEAD,
        operation_id="head_health",
        summary="Does it answer",
        description="As GET, without the body.",
        middleware=[without_body],
        sync_to_thread=False,
    )
    def head_health(self, store: Store, decisions: Decisions) -> Health:
        """Answer for a load balancer that only wants a status."""
        return answers.health(store, decisions.recording)

    @get(
        "/ready",
        operation_id="get_ready",
        summary="Can it answer",
        description="200 with a release and an index of all decisions, 503 without: "
        "for a load balancer.",
        responses=documented_problems({503: NOT_READY}),
        sync_to_thread=False,
    )
    def get_ready(self, store: Store, decisions: Decisions) -> Ready:
        """Answer for a load balancer."""
        decisions.require_ready()
        return answers.ready(store)

    @route(
        "/ready",
        http_method=HttpMethod.HEAD,
        operation_id="head_ready",
        summary="Can it answer",
        description="As GET, without the body.",
        responses=documented_problems({503: NOT_READY}),
        middleware=[without_body],
        sync_to_thread=False,
    )
    def head_ready(self, store: Store, decisions: Decisions) -> Ready:
        """Answer for a load balancer that only wants a status."""
        decisions.require_ready()
        return answers.ready(store)
