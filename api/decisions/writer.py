"""Writes records: those of a moment share one write and one flush to disk.

All appends of all processes happen one after the other, under a lock file that the
system releases when its holder dies. Inside, in this order: note the records in the
index, write them to the log, flush the log, commit the index. A process that is killed
in between leaves a log that is longer than the index knows; whoever comes next reads
the rest, before it looks for an idempotency key.
"""

import asyncio
import fcntl
import logging
import queue
import secrets
import sqlite3
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Final

from api.decisions.batch import Batch, ChainEnd, Clock, utc_now
from api.decisions.index import MOST_ROWS, Index
from api.decisions.index_states import LogState
from api.decisions.log import OwnLog, make_folder
from api.decisions.recording import Recording
from api.decisions.records import Record
from api.decisions.submissions import Answered, Submission, deliver
from api.errors import DecisionsUnavailableError

LOCK_FILE: Final = ".lock"
# A whole index is ready at once; who starts waits no longer for one that is not.
SECONDS_TO_PREPARE: Final = 0.2
SECONDS_TO_RETRY: Final = 1.0
# Records later than this would be told wrong times, to stay behind one another.
MOST_AHEAD: Final = timedelta(seconds=5)
# As long as a record, and no line: what is left of it is a torn end.
TRIAL: Final = b" " * 4096

logger = logging.getLogger(__name__)


class _Call(Enum):
    PREPARE = auto()
    STOP = auto()


class Writer:
    """Puts records into the log of this process, from a thread of its own.

    Parameters
    ----------
    folder
        Folder of all logs; created with the first record.
    clock
        Time now, UTC.

    Attributes
    ----------
    recording
        Whether it succeeds; after a failure it is tried every second.
    """

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self.recording = Recording()
        self._folder = folder
        self._clock = clock
        self._queue: queue.SimpleQueue[Submission | _Call] = queue.SimpleQueue()
        self._prepared = threading.Event()
        self._thread: threading.Thread | None = None
        self._index: Index | None = None
        self._log: OwnLog | None = None
        self._name = ""
        self._log_id = 0
        self._end = ChainEnd()

    def start(self) -> None:
        """Start the thread; it first reads what a killed process has left.

        Where that takes long, `is_prepared` says when it is done.
        """
        self._thread = threading.Thread(target=self._work, name="decisions")
        self._thread.start()
        self._prepared.wait(SECONDS_TO_PREPARE)

    @property
    def is_prepared(self) -> bool:
        """Whether all logs are in the index, as far as this process knows."""
        return self._prepared.is_set()

    def prepare(self) -> None:
        """Ask the thread to make the index again."""
        if self._prepared.is_set():
            self._prepared.clear()
            self._queue.put(_Call.PREPARE)

    def stop(self) -> None:
        """Write what is waiting, then end the thread."""
        if self._thread is not None:
            self._queue.put(_Call.STOP)
            self._thread.join()
            self._thread = None

    async def write(self, record: Record) -> Record:
        """Write a record; when this returns it is on disk and can be found.

        Returns
        -------
        Record
            The record, completed; or the decision that was made before with the same
            idempotency key.

        Raises
        ------
        KeyReusedError
            If the idempotency key was used for another request.
        DecisionsUnavailableError
            If it could not be written; says whether there may be a record all the same.
        asyncio.CancelledError
            If the caller waits no longer. What nobody waits for when its turn comes is
            not written; what was being written is.
        """
        answer: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
        self._queue.put(Submission(record, answer))
        return await answer

    def _work(self) -> None:
        stopping = False
        while not stopping:
            if not self._prepared.is_set():
                self._try_to_prepare()
            batch, stopping = self._next_batch()
            if batch:
                deliver(self._write_or_refuse(batch))
            elif self.recording.problem is not None and not stopping:
                self._write_or_refuse(())
        if self._index is not None:
            self._index.close()
        if self._log is not None:
            self._log.close()

    def _next_batch(self) -> tuple[list[Submission], bool]:
        batch: list[Submission] = []
        while not batch or (len(batch) < MOST_ROWS and not self._queue.empty()):
            try:
                is_well = self.is_prepared and self.recording.problem is None
                patience = None if is_well else SECONDS_TO_RETRY
                found = self._queue.get(timeout=patience)
            except queue.Empty:
                return batch, False
            if found is _Call.STOP:
                return batch, True
            if found is _Call.PREPARE:
                return batch, False
            batch.append(found)
        return batch, False

    def _try_to_prepare(self) -> None:
        try:
            if self._folder.is_dir():
                with self._alone():
                    self._current_index()
            self._prepared.set()
        except (OSError, sqlite3.Error) as error:
            self.recording.problem = _reason(error)
            logger.warning("the index of decisions is not ready: %s", error)

    def _write_or_refuse(self, submissions: Sequence[Submission]) -> list[Answered]:
        try:
            with self._alone():
                return self._write(submissions) if submissions else self._rehearse()
        except (OSError, sqlite3.Error) as error:
            reason = _reason(error)
            if submissions or reason != self.recording.problem:
                logger.error("no decision can be recorded: %s", reason)
        except Exception as error:
            # A defect must not end the thread: every later decision would wait.
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("unexpected %s at\n%s", type(error).__name__, place)
            reason = "the server's log says why"
        self.recording.problem = reason
        self.recording.refused += len(submissions)
        # What can neither be flushed nor cut is read by others once this process ends.
        in_doubt = self._log is not None and self._log.has_rest
        told = "It may have been recorded" if in_doubt else "Nothing was recorded"
        return [
            (item, DecisionsUnavailableError(f"{told}: {reason}."))
            for item in submissions
        ]

    def _write(self, submissions: Sequence[Submission]) -> list[Answered]:
        index = self._current_index()
        own = self._own_log(index)
        size = own.size
        try:
            with index.transaction():
                index.catch_up(but_not=self._log_id)
                batch = Batch(self._folder, index, self._name, size, self._end)
                answered = [
                    (item, batch.add(item.record, self._clock()))
                    for item in submissions
                    if not item.answer.cancelled()
                ]
                if batch.lines:
                    index.add(self._log_id, batch.placed)
                    state = LogState(batch.offset, batch.end.last_hash)
                    index.advance(self._log_id, state)
                    own.append(b"".join(batch.lines))
        except BaseException:
            own.take_back(size)
            raise
        if batch.lines:
            self._end = batch.end
            self.recording.problem = None
        return answered

    def _rehearse(self) -> list[Answered]:
        """Do all that a record takes, and take it back."""
        index = self._current_index()
        own = self._own_log(index)
        size = own.size
        try:
            with index.transaction():
                index.advance(self._log_id, LogState(size, self._end.last_hash))
                own.append(TRIAL)
        finally:
            own.take_back(size)
        self.recording.problem = None
        return []

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._folder.is_dir():
            make_folder(self._folder)
        with (self._folder / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _current_index(self) -> Index:
        if self._index is not None and self._index.is_current():
            return self._index
        if self._index is not None:
            self._index.close()
            self._index = None
        index = Index(self._folder)
        try:
            index.recover()
            if self._log is not None:
                with index.transaction():
                    self._log_id = index.enroll(self._name)
        except BaseException:
            index.close()
            raise
        self._index = index
        return index

    def _own_log(self, index: Index) -> OwnLog:
        self._leave_log_of_the_future(index)
        if self._log is None:
            name = f"{self._clock():%Y%m%dT%H%M%S}-{secrets.token_hex(6)}"
            own = OwnLog(self._folder, name)
            try:
                with index.transaction():
                    self._log_id = index.enroll(name)
            except BaseException:
                own.discard()
                raise
            self._name, self._log = name, own
        return self._log

    def _leave_log_of_the_future(self, index: Index) -> None:
        """Begin another log where the clock is far behind the last record."""
        ahead = self._end.last_time - self._clock()
        if self._log is None or self._log.has_rest or ahead <= MOST_AHEAD:
            return
        logger.warning(
            "the clock is %s behind the last record of the log %s: another log begins",
            ahead,
            self._name,
        )
        with index.transaction():
            index.close_log(self._log_id)
        self._log.close()
        self._log, self._end = None, ChainEnd()


def _reason(error: OSError | sqlite3.Error) -> str:
    return getattr(error, "strerror", None) or str(error)
