"""Endpoint for Prometheus."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from api import answers
from api.controllers.shared import Decisions, Store
from api.observability.metrics import MEDIA_TYPE, exposition
from api.observability.recorder import Recorder
from api.observability.report import families
from api.stop_switch import utc_today


class MetricsController(Controller):
    """What this process counted."""

    tags = ("Health",)

    @get(
        "/metrics",
        operation_id="get_metrics",
        summary="Counts of this process, for Prometheus",
        description="Requests by route and status, their durations, scores and "
        "decisions by action, records that were refused, what `/health` warns of, the "
        "release and the age of its snapshot, in the text format 0.0.4. With several "
        "workers each counts by itself, and the label `worker` tells them apart.",
        media_type="text/plain",
        sync_to_thread=False,
    )
    def get_metrics(
        self,
        store: Store,
        decisions: Decisions,
        recorder: NamedDependency[Recorder],
    ) -> Response[bytes]:
        """Answer a scrape."""
        recording = decisions.recording
        told = families(
            store,
            recorder,
            recording,
            health=answers.health(store, recording),
            today=utc_today(),
        )
        return Response(exposition(told), media_type=MEDIA_TYPE)
