"""What a worker process of the server runs."""

import os
import sys

from litestar import Litestar

from api.app import create_app
from api.observability.logs import RequestLog
from api.settings import Settings


def application() -> Litestar:
    """Build the application from the environment, with its log on stderr.

    Raises
    ------
    KeyFileError
        If there is no key and others could reach it (``HOST``), or there must be one.
    """
    settings = Settings.from_environment(os.environ)
    log = RequestLog(sys.stderr.buffer, level=settings.log_level)
    return create_app(settings, log=log, is_local_only=True)
