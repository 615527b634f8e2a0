"""Checks every chain from its first record to its last."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.decisions import log
from api.decisions.index import INDEX_FILE
from api.decisions.index_states import LogState, read_states
from api.decisions.records import FIRST_HASH, BrokenRecordError, Record, read

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
    """

    logs: int
    records: int
    torn: int
    indexed: bool

    def __str__(self) -> str:
        """Say it in words."""
        extent = (
            ""
            if self.indexed
            else "; without an index, missing logs and records cut off at the end of a "
            "log are not seen"
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
        gone although the index knows it.
    OSError
        If a log cannot be read.
    """
    # Read first: a log that is being written may only be longer than it says.
    known = _known(folder)
    writers = log.writers_in(folder)
    for writer in sorted((known or {}).keys() - writers):
        if known and known[writer].size:
            message = f"the log {writer}{log.LOG_SUFFIX} is gone, the index knows it"
            raise BrokenChainError(message)
    records = torn = 0
    for writer in writers:
        state = (known or {}).get(writer, LogState(0, FIRST_HASH))
        chain = _Chain(writer, folder, state)
        records += sum(1 for _ in chain.records())
        torn += chain.is_torn
    return Verified(len(writers), records, torn, indexed=known is not None)


class _Chain:
    """One log, record by record; raises `BrokenChainError` at the first broken one."""

    def __init__(self, writer: str, folder: Path, known: LogState) -> None:
        self.is_torn = False
        self._writer = writer
        self._folder = folder
        self._known = known

    def records(self) -> Iterator[Record]:
        sequence, last_hash, last_time = 0, FIRST_HASH, ""
        end, hash_at_known_end = 0, FIRST_HASH
        for offset, line in log.read_lines(self._folder, self._writer):
            text = line.removesuffix(b"\n")
            sequence += 1
            place = f"{self._writer}{log.LOG_SUFFIX}, record {sequence}"
            try:
                record = read(text)
            except BrokenRecordError as error:
                if text == line and offset >= self._known.size:
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
            end = offset + len(line)
            if end <= self._known.size:
                hash_at_known_end = last_hash
            yield record
        if end < self._known.size or hash_at_known_end != self._known.last_hash:
            message = (
                f"{self._writer}{log.LOG_SUFFIX}, record {sequence + 1}: "
                "the index knows other records here, or more of them"
            )
            raise BrokenChainError(message)


def _known(folder: Path) -> dict[str, LogState] | None:
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
