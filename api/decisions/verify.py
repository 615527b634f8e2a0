"""Checks every chain from its first record to its last."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from api.decisions import log
from api.decisions.index import INDEX_FILE
from api.decisions.index_states import IndexStates, LogState, read_states
from api.decisions.records import FIRST_HASH, BrokenRecordError, Record, read

# What nobody says that it was there is not missed.
UNSEEN: Final = (
    "missing logs and records cut off at the end of a log are not seen, unless a log "
    "that was begun later names them"
)
CORRUPT: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in logs that are whole.

    Attributes
    ----------
    logs, records
        How many there are.
    torn
        Logs that end in a torn line, which counts as never written: their process was
        killed, or is just writing.
    indexed
        Whether the index was there to say how long each log has been.
    rebuilt_at
        When the index was last made again, from the logs as they were then.
    """

    logs: int
    records: int
    torn: int
    indexed: bool
    rebuilt_at: str | None

    def __str__(self) -> str:
        """Say it in words."""
        extent = ""
        if not self.indexed:
            extent = f"; without an index, {UNSEEN}"
        elif self.rebuilt_at:
            extent = (
                f"; of before {self.rebuilt_at}, as the index was made again, {UNSEEN}"
            )
        return (
            f"{self.records} records in {self.logs} logs, every chain is whole "
            f"({self.torn} torn last lines ignored{extent})"
        )


class BrokenChainError(Exception):
    """A chain is broken; the message names the first broken record."""


def verify(folder: Path) -> Verified:
    """Check all logs in a folder.

    Raises
    ------
    BrokenChainError
        At the first record that is not what was written, is out of its place, or is
        gone although the index or another log knows it.
    OSError
        If the folder is missing, or a log cannot be read.
    """
    if not folder.is_dir():
        message = (
            f"{folder} is missing: no decision was ever recorded there; is DATA_DIR "
            "(or DECISIONS_DIR) the one of the server?"
        )
        raise FileNotFoundError(message)
    # Read first: a log that is being written may only be longer than they say.
    index = _states_in_index(folder)
    known = _states_in_logs(folder)
    for writer, state in index.of_logs.items() if index else ():
        known[writer].add(state)
    writers = log.writers_in(folder)
    for writer in sorted(known.keys() - writers):
        if any(state.size for state in known[writer]):
            message = (
                f"the log {writer}{log.LOG_SUFFIX} is gone, the index or another log "
                "knows it"
            )
            raise BrokenChainError(message)
    records = torn = 0
    for writer in writers:
        chain = _Chain(writer, folder, known[writer])
        records += sum(1 for _ in chain.records())
        torn += chain.is_torn
    return Verified(
        len(writers),
        records,
        torn,
        indexed=index is not None,
        rebuilt_at=index.rebuilt_at if index else None,
    )


class _Chain:
    """One log, record by record; raises `BrokenChainError` at the first broken one."""

    def __init__(self, writer: str, folder: Path, known: set[LogState]) -> None:
        self.is_torn = False
        self._writer = writer
        self._folder = folder
        self._known_size = max((state.size for state in known), default=0)
        self._not_met = {state for state in known if state.size}

    def records(self) -> Iterator[Record]:
        sequence, last_hash, last_time = 0, FIRST_HASH, ""
        for offset, line in log.read_lines(self._folder, self._writer):
            text = line.removesuffix(b"\n")
            sequence += 1
            place = f"{self._writer}{log.LOG_SUFFIX}, record {sequence}"
            try:
                record = read(text)
            except BrokenRecordError as error:
                if text == line and offset >= self._known_size:
                    self.is_torn = True
                    break
                message = f"{place}: {error}"
                raise BrokenChainError(message) from error
            place += f" (decision {record.decision_id})"
            if (record.writer, record.sequence) != (self._writer, sequence):
                message = (
                    f"{place}: it was written as record {record.sequence} "
                    f"of {record.writer}"
                )
                raise BrokenChainError(message)
            if record.previous_hash != last_hash:
                message = f"{place}: it does not continue the record before it"
                raise BrokenChainError(message)
            if record.recorded_at <= last_time:
                message = f"{place}: it is not later than the record before it"
                raise BrokenChainError(message)
            last_hash, last_time = record.record_hash, record.recorded_at
            self._not_met.discard(LogState(offset + len(line), last_hash))
            yield record
        if self._not_met:
            message = (
                f"{self._writer}{log.LOG_SUFFIX}, record {sequence + 1}: the index or "
                "another log knows other records here, or more of them"
            )
            raise BrokenChainError(message)


def _states_in_logs(folder: Path) -> defaultdict[str, set[LogState]]:
    """Read what the first record of each log says of the others."""
    known: defaultdict[str, set[LogState]] = defaultdict(set)
    for writer in log.writers_in(folder):
        for _, line in islice(log.read_lines(folder, writer), 1):
            try:
                ends = read(line).other_logs or ()
            except BrokenRecordError:
                # Said when its turn comes, in order.
                continue
            for end in ends:
                known[end.writer].add(LogState(end.size, end.record_hash))
    return known


def _states_in_index(folder: Path) -> IndexStates | None:
    path = folder / INDEX_FILE
    if not path.is_file():
        return None
    # Asked first: a log is announced in the index before its first record.
    has_records = any(log.size_of(folder, name) for name in log.writers_in(folder))
    try:
        states = read_states(path)
    except sqlite3.Error as error:
        raise BrokenChainError(_unreadable(path, error)) from error
    if states is None and has_records:
        raise BrokenChainError(_unreadable(path, "it is empty"))
    return states


def _unreadable(path: Path, error: sqlite3.Error | str) -> str:
    message = f"the index {path} cannot be read ({error})"
    if isinstance(error, sqlite3.Error) and error.sqlite_errorcode in CORRUPT:
        return message + (
            "; it is damaged: keep a copy, stop the servers and remove it: it is "
            "made again from the logs, and without it missing logs and records cut "
            "off at the end of a log are not seen"
        )
    return message + "; is it readable, and has a copy its -wal and -shm beside it?"
