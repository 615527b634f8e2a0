"""Endpoint for those who want to know what scores."""

from litestar import Controller, get

from api.controllers.shared import NO_RELEASE, Store, documented_problems
from api.schemas.model import Model


class ModelController(Controller):
    """The model that is served."""

    tags = ("Model",)

    @get(
        "/model",
        operation_id="get_model",
        summary="The model: contract, scorecard, rating scale",
        description="The features in contract order, the points of each bin, and the "
        "grades. Points are added up to the score.",
        responses=documented_problems({503: NO_RELEASE}),
        sync_to_thread=False,
    )
    def get_model(self, store: Store) -> Model:
        """Describe the model of the release that is served."""
        return store.current().model
