"""An encoded slash belongs to the id it stands in, not to the path.

A server decodes ``/customers/a%2Fb/score`` before it is routed, and then no route
fits. So an encoded slash passes the routing as a stand-in, and is a slash again when
a handler reads its parameters. The stand-in is half a surrogate pair, which no
decoded path can hold.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from litestar.types import ASGIApp, Receive, Scope, Send

STAND_IN: Final = "\udc2f"
ENCODED_SLASH: Final = re.compile(b"%2f", re.IGNORECASE)


def hide_encoded_slashes(app: ASGIApp) -> ASGIApp:
    """Wrap the application, before it routes."""

    async def hide(scope: Scope, receive: Receive, send: Send) -> None:
        raw_path = scope["raw_path"].partition(b"?")[0]
        if ENCODED_SLASH.search(raw_path):
            scope["path"] = STAND_IN.join(
                unquote_to_bytes(part).decode(errors="replace")
                for part in ENCODED_SLASH.split(raw_path)
            )
        await app(scope, receive, send)

    return hide


def show_encoded_slashes(app: ASGIApp) -> ASGIApp:
    """Wrap the handlers, after the path is routed."""

    async def show(scope: Scope, receive: Receive, send: Send) -> None:
        if STAND_IN in scope["path"]:
            scope["path_params"] = {
                name: value.replace(STAND_IN, "/")
                for name, value in scope["path_params"].items()
            }
        await app(scope, receive, send)

    return show
