"""Lets a request through to its handler, or says why not."""

from collections.abc import Container, Iterable
from math import ceil
from time import monotonic
from typing import Final

from litestar.handlers import BaseRouteHandler
from litestar.routes import BaseRoute
from litestar.types import ASGIApp, Receive, Scope, Send

from api.access.actor import LOCAL, Actor, Role
from api.access.key_ring import KeyRing
from api.access.own_machine import require_own_machine
from api.access.permissions import permissions_of_routes
from api.errors import (
    ForbiddenError,
    TooManyRequestsError,
    UnauthenticatedError,
)

SCHEME: Final = b"bearer"


class Gate:
    """Checks key, rate and role of each request, after it is routed.

    Parameters
    ----------
    ring
        The keys.
    is_local_only
        Whether, without keys, only this machine is answered, under its own name.
    origins
        Origins of web pages that may ask without keys.
    """

    def __init__(
        self,
        ring: KeyRing,
        *,
        is_local_only: bool = False,
        origins: Container[str] = (),
    ) -> None:
        self._ring = ring
        self._origins = origins
        self._is_local_only = is_local_only
        self._permissions: dict[BaseRouteHandler, frozenset[Role]] = {}

    def guard(self, routes: Iterable[BaseRoute]) -> None:
        """Take the operations of the application; until then none can be called.

        Raises
        ------
        UnknownOperationError
            If the table of permissions does not know one of them.
        """
        self._permissions = permissions_of_routes(routes)

    def middleware(self, app: ASGIApp) -> ASGIApp:
        """Wrap the handlers."""

        async def check(scope: Scope, receive: Receive, send: Send) -> None:
            roles = self._permissions[scope["route_handler"]]
            if roles:
                actor = self._admit(scope)
                if not roles & actor.roles and Role.ADMIN not in actor.roles:
                    raise ForbiddenError(_who_may(roles))
            await app(scope, receive, send)

        return check

    def _admit(self, scope: Scope) -> Actor:
        if not self._ring.is_locked:
            if self._is_local_only:
                require_own_machine(scope, self._origins)
            scope["user"] = LOCAL
            return LOCAL
        authorization = _header(scope, b"authorization")
        if authorization is None:
            message = "Send an API key: Authorization: Bearer KEY."
            raise UnauthenticatedError(message)
        scheme, _, key = authorization.partition(b" ")
        holder = self._ring.holder_of(key.strip()) if scheme.lower() == SCHEME else None
        if holder is None:
            message = "This is no valid API key; it may have been revoked."
            raise UnauthenticatedError(message, error="invalid_token")
        # Whoever is refused from here on is named in the log.
        scope["user"] = holder.actor
        if holder.bucket is not None:
            seconds = holder.bucket.seconds_to_wait(monotonic())
            if seconds:
                message = "This key asks too often; Retry-After says when to go on."
                raise TooManyRequestsError(message, retry_after=ceil(seconds))
        return holder.actor


def actor_of_request(scope: Scope) -> Actor:
    """Return who asks, for a handler that writes it down."""
    actor: Actor = scope["user"]
    return actor


def _who_may(roles: frozenset[Role]) -> str:
    named = " or ".join(role for role in Role if role in roles)
    return f"This key may not do that: it takes the role {named}, or admin."


def _header(scope: Scope, name: bytes) -> bytes | None:
    for key, value in scope["headers"]:
        if key == name:
            return value
    return None
