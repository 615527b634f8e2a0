"""Runs the application under granian."""

import os
import socket
import sys
from typing import Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from api.access.addresses import is_loopback
from api.access.key_file import KeyFileError, read_keys
from api.access.keys import StoredKey, utc_now
from api.observability.logs import logging_config
from api.policy import Policy
from api.release_files import ReleaseRefusedError, read_scorecard
from api.settings import Settings
from release.errors import ReleaseError
from release.layout import current_release_id, read_manifest

SECONDS_TO_FINISH: Final = 10


class ServerError(Exception):
    """The server cannot start; the message says why."""


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish what is under way.

    The workers build the application themselves, from the same environment. Where
    there are keys now, a worker that finds none does not start. One that dies is
    replaced.

    Raises
    ------
    ServerError
        If the address cannot be bound, or is open to others without any key.
    """
    keys = _keys(settings)
    os.environ["REQUIRE_API_KEYS"] = str(int(bool(keys)))
    _require_free(settings)
    sys.stdout.write(
        f"serving {settings.releases_dir} on http://{settings.host}:{settings.port} "
        f"(documentation at /docs); Ctrl-C ends it\n"
        f"{_access(settings, keys)}\n"
        f"{_data_warning(settings)}"
    )
    sys.stdout.flush()
    Granian(
        "api.worker:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        workers_kill_timeout=SECONDS_TO_FINISH,
        # One that dies again at once ends the server: it would never answer.
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=logging_config(settings.log_level),
        log_access=False,
    ).serve()


def _keys(settings: Settings) -> tuple[StoredKey, ...]:
    """Return the keys, of which there must be one where others reach the server."""
    try:
        keys = read_keys(settings.keys_path)
    except KeyFileError as error:
        raise ServerError(str(error)) from error
    if keys:
        return keys
    if settings.require_api_keys:
        message = f"REQUIRE_API_KEYS is 1 and there is no API key: {_how(settings)}"
        raise ServerError(message)
    if not is_loopback(settings.host):
        message = (
            f"refuses to listen on {settings.host} without an API key, as anyone who "
            f"reaches it could ask: {_how(settings)} (API_KEYS_FILE), or listen on "
            "127.0.0.1"
        )
        raise ServerError(message)
    return keys


def _access(settings: Settings, keys: tuple[StoredKey, ...]) -> str:
    """Return in words who is let in."""
    if not keys:
        return (
            "no API key: asks for none, limits nothing, answers this machine; "
            f"{_how(settings)}"
        )
    in_use = sum(kept.is_open(utc_now()) for kept in keys)
    return f"asks for an API key: {in_use} in use, in {settings.keys_path}"


def _data_warning(settings: Settings) -> str:
    """Return a line on old data that are decided on, or nothing."""
    try:
        release_id = current_release_id(settings.releases_dir)
        if release_id is None:
            return ""
        folder = settings.releases_dir / release_id
        taken = read_manifest(folder)["snapshot_date"]
        policy = Policy(read_scorecard(folder))
        warning = settings.stop_switch.data_warning(taken, policy.stale_after_days)
    except (
        KeyError,
        TypeError,
        ValueError,
        OSError,
        ReleaseError,
        ReleaseRefusedError,
    ):
        # The worker refuses such a release, and says why.
        return ""
    return f"warning: {warning}\n" if warning else ""


def _how(settings: Settings) -> str:
    return (
        "python -m api keys create --name NAME --role ROLE makes one in "
        f"{settings.keys_path}"
    )


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
