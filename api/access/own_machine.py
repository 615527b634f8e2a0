"""Whom a server without keys answers: its own machine, and no page of others."""

from collections.abc import Container, Mapping
from typing import Final

from litestar.types import Scope

from api.access.addresses import is_own_address, names_this_machine
from api.errors import ForeignHostError, ForeignPageError

# Added by proxies: whoever asks sits elsewhere, whatever address the proxy has.
FORWARDED: Final = (b"forwarded", b"x-forwarded-for")


def require_own_machine(scope: Scope, origins: Container[str] = ()) -> None:
    """Let a request through that this machine makes, under its own name.

    The Host header alone is no proof, as whoever asks writes it; the address is none
    either, as a browser here asks for pages from anywhere. Whoever asks through a Unix
    socket has no address, and is as likely a proxy as a neighbour.

    Parameters
    ----------
    scope
        Scope of the request.
    origins
        Origins of pages that may ask, beside the documentation of this server.

    Raises
    ------
    ForeignHostError
        If it comes from another machine, or names another.
    ForeignPageError
        If a page of another origin asks, through a browser of this machine.
    """
    client = scope.get("client")
    if client is None or not is_own_address(client[0]):
        raise ForeignHostError(
            "Without API keys, only this machine is answered; python -m api keys "
            "create makes a key."
        )
    headers = dict(scope["headers"])
    if any(name in headers for name in FORWARDED):
        raise ForeignHostError(
            "Without API keys, only this machine is answered, and no proxy; python -m "
            "api keys create makes a key."
        )
    host = headers.get(b"host")
    if host is not None and not names_this_machine(host.decode("latin-1")):
        raise ForeignHostError(
            "Without API keys, only this machine is answered, under its own name "
            "(localhost or 127.0.0.1)."
        )
    if _is_of_foreign_page(headers, host, origins):
        raise ForeignPageError(
            "Without API keys, no page of another site may ask; CORS_ORIGINS names "
            "those that may."
        )


def _is_of_foreign_page(
    headers: Mapping[bytes, bytes], host: bytes | None, origins: Container[str]
) -> bool:
    origin = headers.get(b"origin")
    if origin is None:
        # A browser leaves the origin out of what a link or an image asks for.
        return headers.get(b"sec-fetch-site") == b"cross-site"
    if origin.decode("latin-1") in origins:
        return False
    return host is None or origin not in (b"http://" + host, b"https://" + host)
