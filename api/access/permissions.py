"""Who may do what: one table, and nothing that is not in it."""

from collections.abc import Iterable
from typing import Final

from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute

from api.access.actor import Role
from api.docs_page import DOCS_PATH

PUBLIC: Final[frozenset[Role]] = frozenset()

# Operation -> the roles of which one is needed; admin may do everything.
PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    "get_health": PUBLIC,
    "get_ready": PUBLIC,
    "head_health": PUBLIC,
    "head_ready": PUBLIC,
    "get_customer_score": frozenset({Role.SCORE}),
    "score_customers": frozenset({Role.SCORE}),
    "predict": frozenset({Role.SCORE}),
    "create_decision": frozenset({Role.SCORE}),
    "get_model": frozenset({Role.SCORE, Role.AUDIT}),
    "get_customer_features": frozenset({Role.REVIEW, Role.AUDIT}),
    "get_decision": frozenset({Role.REVIEW, Role.AUDIT}),
    "list_decisions": frozenset({Role.REVIEW, Role.AUDIT}),
    "list_reviews": frozenset({Role.REVIEW}),
    "review_decision": frozenset({Role.REVIEW}),
    "replay_decision": frozenset({Role.AUDIT}),
    "get_metrics": frozenset({Role.AUDIT}),
}


class UnknownOperationError(Exception):
    """An operation is served that nobody has decided who may use."""


def permissions_of_routes(
    routes: Iterable[BaseRoute],
) -> dict[BaseRouteHandler, frozenset[Role]]:
    """Look every handler up in the table.

    Parameters
    ----------
    routes
        All routes of the application.

    Returns
    -------
    dict
        Roles by handler; the documentation, and OPTIONS (which says what a path
        allows), are public.

    Raises
    ------
    UnknownOperationError
        If an operation is not in the table.
    """
    found: dict[BaseRouteHandler, frozenset[Role]] = {}
    for route in routes:
        if not isinstance(route, HTTPRoute):
            message = f"{route.path} is no HTTP route; api/access covers none but those"
            raise UnknownOperationError(message)
        for handler in route.route_handlers:
            found[handler] = (
                PUBLIC
                if _is_documentation(route.path) or handler.http_methods == {"OPTIONS"}
                else _roles(route.path, handler)
            )
    return found


def _is_documentation(path: str) -> bool:
    return path in ("/", DOCS_PATH) or path.startswith(f"{DOCS_PATH}/")


def _roles(path: str, handler: HTTPRouteHandler) -> frozenset[Role]:
    operation = handler.operation_id
    if not isinstance(operation, str) or operation not in PERMISSIONS:
        message = (
            f"operation {operation} ({path}) has no entry in "
            "api/access/permissions.py: say who may use it"
        )
        raise UnknownOperationError(message)
    return PERMISSIONS[operation]
