"""The application."""

from typing import Final

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide

from api.access.addresses import is_loopback
from api.access.documented import describe_access
from api.access.gate import Gate
from api.access.headers import AnswerHeaders
from api.access.key_ring import KeyRing
from api.controllers.decisions import DecisionController
from api.controllers.health import HealthController
from api.controllers.metrics import MetricsController
from api.controllers.model import ModelController
from api.controllers.reviews import ReviewController
from api.controllers.scores import ScoreController
from api.controllers.shared import IN_DOUBT
from api.decisions.service import DecisionService
from api.docs_page import front_door
from api.encoded_slashes import hide_encoded_slashes, show_encoded_slashes
from api.head_requests import describe_head
from api.observability.logs import RequestLog
from api.observability.recorder import Recorder
from api.openapi import describe_bodies, describe_features, openapi_config
from api.path_memory import forget_paths
from api.problems import EXCEPTION_HANDLERS
from api.release_store import ReleaseStore
from api.schemas.decisions import DecisionRequest, ReviewRequest
from api.settings import Settings

# 26 values take 2 kB.
LARGEST_BODY: Final = 64 * 1024


def create_app(
    settings: Settings,
    *,
    log: RequestLog | None = None,
    is_local_only: bool = False,
) -> Litestar:
    """Build the application around the current release.

    Parameters
    ----------
    settings
        Settings.
    log
        Where requests are logged; None is nowhere.
    is_local_only
        Whether, without keys, only this machine is answered, as it must be wherever
        others could reach the server.

    Returns
    -------
    Litestar
        It answers without a release too: degraded, and without scores.

    Raises
    ------
    KeyFileError
        If the file of keys cannot be read, or holds none where one is needed.
    UnknownOperationError
        If nobody has decided who may use an operation.
    """
    store = ReleaseStore(settings.releases_dir, settings.stop_switch)
    store.load()

    decisions = DecisionService(
        store, releases_dir=settings.releases_dir, folder=settings.decisions_dir
    )
    ring = KeyRing(
        settings.keys_path,
        per_minute=settings.rate_limit_of_a_worker,
        is_required=settings.require_api_keys
        or (is_local_only and not is_loopback(settings.host)),
    )
    gate = Gate(ring, is_local_only=is_local_only, origins=settings.cors_origins)
    recorder = Recorder(
        headers=AnswerHeaders(is_behind_tls=settings.behind_tls),
        timeout_seconds=settings.request_timeout_seconds,
        log=log,
        release_id=lambda: store.loaded.manifest.release_id if store.loaded else None,
        in_doubt=IN_DOUBT,
    )

    def provide_store() -> ReleaseStore:
        return store

    def provide_decisions() -> DecisionService:
        return decisions

    def provide_recorder() -> Recorder:
        return recorder

    app = Litestar(
        route_handlers=[
            HealthController,
            MetricsController,
            ModelController,
            ScoreController,
            DecisionController,
            ReviewController,
            front_door,
        ],
        dependencies={
            "decisions": Provide(provide_decisions, sync_to_thread=False),
            "recorder": Provide(provide_recorder, sync_to_thread=False),
            "store": Provide(provide_store, sync_to_thread=False),
        },
        middleware=[gate.middleware, show_encoded_slashes],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[lambda _: store.following()],
        on_startup=[decisions.start],
        on_shutdown=[decisions.stop, recorder.close, store.close],
        cors_config=_cors(settings),
        openapi_config=openapi_config(),
        state=State({"decisions": decisions, "store": store}),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )
    forget_paths(app)
    gate.guard(app.routes)
    app.asgi_handler = recorder.wrap(hide_encoded_slashes(app.asgi_handler))
    describe_head(app.openapi_schema)
    describe_bodies(app.openapi_schema, DecisionRequest, ReviewRequest)
    release = store.loaded
    describe_features(
        app.openapi_schema,
        release.scorecard.contract if release else (),
        release.scorecard.categories if release else {},
    )
    describe_access(app.openapi_schema)
    return app


def _cors(settings: Settings) -> CORSConfig | None:
    if not settings.cors_origins:
        return None
    return CORSConfig(
        allow_origins=[*settings.cors_origins],
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
        expose_headers=["Retry-After", "WWW-Authenticate", "X-Request-ID"],
    )
