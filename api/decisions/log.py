"""The log of one process: a file that only grows, and is on disk before an answer.

A process writes a file of its own, so chains never fork; it holds a lock on the file
as long as it lives. The end of a file may be torn where its process was killed.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from release.layout import flush_folder

LOG_SUFFIX: Final = ".jsonl"
_OWN_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: log, first byte, and number of bytes without line end."""

    writer: str
    offset: int
    length: int


class OwnLog:
    """The log that this process writes.

    Parameters
    ----------
    folder
        Folder of all logs.
    writer
        Name of the log; no file of that name may exist.

    Attributes
    ----------
    size
        Bytes that are on disk and count.
    has_rest
        Whether the file may hold bytes behind them, which are cut before the next line.

    Raises
    ------
    OSError
        If the file cannot be created.
    """

    def __init__(self, folder: Path, writer: str) -> None:
        self.size = 0
        self.has_rest = False
        self._path = path_of(folder, writer)
        self._handle = os.open(self._path, _OWN_FLAGS, 0o640)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            flush_folder(folder)
            # Another process may have made the folder a moment ago. Where it was there
            # all along, the one above may be of a kind that cannot be flushed.
            with suppress(OSError):
                flush_folder(folder.parent)
        except OSError:
            self.discard()
            raise

    def append(self, lines: bytes) -> None:
        """Add lines; when this returns they are on disk.

        Raises
        ------
        OSError
            If they could not be written; then none of them counts.
        """
        if self.has_rest:
            self._cut()
        self.has_rest = True
        rest = memoryview(lines)
        while rest:
            rest = rest[os.write(self._handle, rest) :]
        os.fdatasync(self._handle)
        self.has_rest = False
        self.size += len(lines)

    def take_back(self, size: int) -> None:
        """Make the log end at `size` again; at the latest before the next line."""
        self.size = size
        self.has_rest = True
        try:
            self._cut()
        except OSError as error:
            logger.warning("the log of decisions cannot be cut: %s", error.strerror)

    def close(self) -> None:
        """Close the file; others see that its process has ended."""
        os.close(self._handle)

    def discard(self) -> None:
        """Remove the file, in which nothing counts yet."""
        self.close()
        self._path.unlink(missing_ok=True)

    def _cut(self) -> None:
        os.ftruncate(self._handle, self.size)
        os.fsync(self._handle)
        self.has_rest = False


def make_folder(folder: Path) -> None:
    """Create the folder of all logs; when this returns a power cut leaves it there."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    for path in missing:
        flush_folder(path.parent)


def path_of(folder: Path, writer: str) -> Path:
    """Return the file of a log."""
    return folder / f"{writer}{LOG_SUFFIX}"


def writers_in(folder: Path) -> list[str]:
    """Return the names of all logs, in order."""
    return sorted(path.stem for path in folder.glob(f"*{LOG_SUFFIX}"))


def size_of(folder: Path, writer: str) -> int:
    """Return the bytes in a log; 0 if it has no file yet."""
    try:
        return path_of(folder, writer).stat().st_size
    except FileNotFoundError:
        return 0


def has_ended(folder: Path, writer: str) -> bool:
    """Whether no process writes this log any more."""
    try:
        with path_of(folder, writer).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


def read_line(folder: Path, place: Place) -> bytes:
    """Read one line, without its end.

    Raises
    ------
    OSError
        If the log cannot be read.
    """
    handle = os.open(path_of(folder, place.writer), os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(handle, place.length, place.offset)
    finally:
        os.close(handle)


def read_lines(
    folder: Path, writer: str, start: int = 0
) -> Iterator[tuple[int, bytes]]:
    """Read the lines of a log from a byte on; give first byte and line with its end.

    The last line may lack its end. A log that does not exist has no line.
    """
    try:
        with path_of(folder, writer).open("rb") as file:
            offset = file.seek(start)
            for line in file:
                yield offset, line
                offset += len(line)
    except FileNotFoundError:
        return
