"""Runs the application under granian."""

import socket
import sys
from typing import Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from api.settings import Settings

SECONDS_TO_FINISH: Final = 10


class ServerError(Exception):
    """The server cannot start; the message says why."""


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way.

    The workers build the application themselves, from the same environment.

    Raises
    ------
    ServerError
        If the address cannot be bound.
    """
    _require_free(settings)
    sys.stdout.write(
        f"serving {settings.releases_dir} on http://{settings.host}:{settings.port} "
        "(documentation at /docs); Ctrl-C ends it\n"
    )
    sys.stdout.flush()
    Granian(
        "api.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        workers_kill_timeout=SECONDS_TO_FINISH,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
    ).serve()


def _require_free(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            message = (
                f"cannot listen on {settings.host}:{settings.port} "
                f"({error.strerror}); choose another PORT or HOST"
            )
            raise ServerError(message) from error
