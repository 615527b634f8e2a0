"""Makes the router forget the paths that it has seen.

Litestar keeps the last 1,024 paths and path parameters. Ours hold customer ids: with
many customers hardly one is asked for again in time, personal data stay in memory for
no purpose, and paths of 64 kB, which anybody can send, would take a quarter of a
gigabyte. Query strings it still keeps, but only of those who have a key.
"""

from litestar import Litestar
from litestar._asgi.routing_trie import traversal


def forget_paths(app: Litestar) -> None:
    """Route every request of this application anew.

    Parameters
    ----------
    app
        The application; a Litestar that caches elsewhere fails here, or in the test.
    """
    router = app.asgi_router
    router.handle_routing = router.handle_routing.__wrapped__  # type: ignore[assignment]
    cached = traversal.parse_path_params
    # Once in a process: the cache is the module's.
    traversal.parse_path_params = getattr(cached, "__wrapped__", cached)
