"""What a worker process of the server runs."""

import gc
import os
import sys
from typing import Final

from litestar import Litestar

from api.app import create_app
from api.observability.logs import RequestLog
from api.settings import Settings

# What a request leaves is freed as it ends; only cycles wait, and there are few.
OBJECTS_BETWEEN_COLLECTIONS: Final = 50_000
# Python's own 5 ms are longer than what a thread here has to do.
SECONDS_BETWEEN_THREADS: Final = 0.0002


def application() -> Litestar:
    """Build the application from the environment, with its log on stderr.

    Raises
    ------
    KeyFileError
        If there is no key and others could reach it (``HOST``), or there must be one.
    """
    settings = Settings.from_environment(os.environ)
    log = RequestLog(sys.stderr.buffer, level=settings.log_level)
    app = create_app(settings, log=log, is_local_only=True)
    _collect_seldom()
    sys.setswitchinterval(SECONDS_BETWEEN_THREADS)
    return app


def _collect_seldom() -> None:
    """Leave what lives as long as the process out of garbage collection.

    Python looks through all of it now and then, and the answers of that moment wait:
    one in a hundred took 40 ms, not 17.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
