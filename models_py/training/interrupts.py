"""Ctrl-C held back where it would be swallowed, or would stop half of something."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interrupt_deferred() -> Iterator[None]:
    """Let Ctrl-C wait until the end of the block, in the main thread.

    Examples
    --------
    >>> import os
    >>> try:
    ...     with interrupt_deferred():
    ...         os.kill(os.getpid(), signal.SIGINT)
    ...         done = True
    ... except KeyboardInterrupt:
    ...     done
    True
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    previous = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if received and callable(previous):
        previous(signal.SIGINT, None)
