"""The application."""

import os
from typing import Final

from litestar import Litestar
from litestar.di import Provide

from api.access.actor import LOCAL, Actor
from api.controllers.decisions import DecisionController
from api.controllers.health import HealthController
from api.controllers.reviews import ReviewController
from api.controllers.scores import ScoreController
from api.decisions.service import DecisionService
from api.docs_page import front_door
from api.encoded_slashes import hide_encoded_slashes, show_encoded_slashes
from api.openapi import describe_bodies, describe_features, openapi_config
from api.problems import EXCEPTION_HANDLERS
from api.release_store import ReleaseStore
from api.schemas.decisions import DecisionRequest, ReviewRequest
from api.settings import Settings

# 26 values take 2 kB.
LARGEST_BODY: Final = 64 * 1024


def create_app(settings: Settings | None = None) -> Litestar:
    """Build the application around the current release.

    Parameters
    ----------
    settings
        Settings; read from the environment when absent.

    Returns
    -------
    Litestar
        It answers without a release too: degraded, and without scores.
    """
    settings = settings or Settings.from_environment(os.environ)
    store = ReleaseStore(settings.releases_dir, settings.stop_switch)
    store.load()

    decisions = DecisionService(
        store, releases_dir=settings.releases_dir, folder=settings.decisions_dir
    )

    def provide_store() -> ReleaseStore:
        return store

    def provide_decisions() -> DecisionService:
        return decisions

    def provide_actor() -> Actor:
        return LOCAL

    app = Litestar(
        route_handlers=[
            HealthController,
            ScoreController,
            DecisionController,
            ReviewController,
            front_door,
        ],
        dependencies={
            "store": Provide(provide_store, sync_to_thread=False),
            "decisions": Provide(provide_decisions, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
        },
        middleware=[show_encoded_slashes],
        exception_handlers=EXCEPTION_HANDLERS,
        on_startup=[decisions.start],
        on_shutdown=[decisions.stop, store.close],
        openapi_config=openapi_config(),
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = hide_encoded_slashes(app.asgi_handler)
    describe_bodies(app.openapi_schema, DecisionRequest, ReviewRequest)
    release = store.loaded
    describe_features(
        app.openapi_schema,
        release.scorecard.contract if release else (),
        release.scorecard.categories if release else {},
    )
    return app
