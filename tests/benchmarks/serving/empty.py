"""The yardstick: an endpoint of Litestar that does nothing."""

from litestar import Litestar, get


@get("/", sync_to_thread=False)
def nothing() -> dict[str, str]:
    """Answer the same each time."""
    return {"status": "ok"}


def create_app() -> Litestar:
    """Build an application of Litestar's defaults."""
    return Litestar([nothing], openapi_config=None, logging_config=None)
