"""Where decisions are read by people: beside the event loop, one after the other."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from api.decisions.finder import Finder
from api.decisions.reader import Reader

Found = TypeVar("Found")


class ReadingRoom:
    """A thread of its own with a reader of its own.

    A long page holds up the next page and nothing else: the threads that look
    customers up are others.

    Parameters
    ----------
    folder
        Folder of all logs; it need not exist yet.
    on_missing
        As of `Reader`.
    """

    def __init__(self, folder: Path, on_missing: Callable[[], None]) -> None:
        self._reader = Reader(folder, on_missing)
        self._finder = Finder(self._reader)
        self._thread = ThreadPoolExecutor(1, "reading decisions")

    async def ask(self, question: Callable[[Finder], Found]) -> Found:
        """Put a question to the finder of the thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, question, self._finder)

    def close(self) -> None:
        """Answer no more; wait for what is being read."""
        self._thread.shutdown(cancel_futures=True)
        self._reader.close()
