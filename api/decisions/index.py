"""Finds records in the logs: by id, customer and idempotency key.

SQLite, one file beside the logs, shared by all processes. The logs are the truth and
the index follows them: it knows how much of each log it has read, and reads the rest
of a log whose process was killed in between. Without the file it is made again.
"""

import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from api.decisions import log
from api.decisions.index_schema import NAME_END, PLACE, SCHEMA, UNNAMED_ENDS
from api.decisions.index_states import LogState
from api.decisions.log import Place
from api.decisions.records import (
    FIRST_HASH,
    BrokenRecordError,
    LogEnd,
    Record,
    ReviewRecord,
    read,
)

INDEX_FILE: Final = "index.sqlite"
SECONDS_TO_WAIT: Final = 10
# SQLite takes 32,766 values in a statement.
MOST_ROWS: Final = 1_000
# The version that SQLite keeps for us; 0 in a new file.
COMPLETE: Final = 1
NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC

logger = logging.getLogger(__name__)


class Index:
    """An open index; for one thread at a time. Any method can raise sqlite3.Error.

    Parameters
    ----------
    folder
        Folder of the logs; it exists.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        path = folder / INDEX_FILE
        # It holds ids of customers; SQLite gives the files beside it the same mode. One
        # that exists is not opened: to close it here would drop locks of SQLite's.
        with suppress(FileExistsError):
            os.close(os.open(path, NEW_FILE, 0o640))
        self._connection = sqlite3.connect(
            path, timeout=SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False
        )
        self._query = self._connection.execute
        self._query("pragma journal_mode = wal")
        # A crash of the machine may lose the last commits; the logs bring them back.
        self._query("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)
        self._inode = path.stat().st_ino

    def is_current(self) -> bool:
        """Whether the file that was opened is still the file of that name."""
        try:
            return (self._folder / INDEX_FILE).stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def is_complete(self) -> bool:
        """Whether all logs were read into it once; while it is made again, not yet."""
        return int(self._one("pragma user_version")[0]) == COMPLETE

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        self._query("begin immediate")
        try:
            yield
            self._query("commit")
        except BaseException:
            if self._connection.in_transaction:
                self._query("rollback")
            raise

    def enroll(self, writer: str) -> int:
        """Announce a log before its first record; return its number in this index."""
        self._query(
            "insert or ignore into logs (writer, is_open, size, last_hash) "
            "values (?, 1, 0, ?)",
            [writer, FIRST_HASH],
        )
        return int(self._one("select log_id from logs where writer = ?", writer)[0])

    def recover(self) -> None:
        """Read what is new in any log, and close those whose process has ended.

        Committed log by log: a long one that is cut short goes on where it was. A
        whole index knows all that a living process has confirmed: what lies behind
        was refused, and is cut by its process before its next line.
        """
        knows_the_living = self.is_complete()
        writers = log.writers_in(self._folder)
        has_records = any(log.size_of(self._folder, name) for name in writers)
        with self.transaction():
            for writer in writers:
                self.enroll(writer)
            if has_records and not knows_the_living:
                self._query("insert into rebuilds default values")
        for log_id, writer, size in self._open_logs():
            with self.transaction():
                # Asked first: a process may end while its log is read.
                ended = log.has_ended(self._folder, writer)
                if ended or not knows_the_living:
                    self._read_on(log_id, writer, size)
                if ended:
                    self.close_log(log_id)
        self._query(f"pragma user_version = {COMPLETE}")

    def catch_up(self, *, but_not: int) -> None:
        """Read what processes that were killed had written and not noted here."""
        for log_id, writer, size in self._open_logs():
            if log_id == but_not or log.size_of(self._folder, writer) <= size:
                continue
            if log.has_ended(self._folder, writer):
                self._read_on(log_id, writer, size)
                self.close_log(log_id)

    def add(self, log_id: int, placed: Sequence[tuple[Record, Place]]) -> None:
        """Note records, each kind in one statement: a statement lets other threads in.

        At most `MOST_ROWS` of them.
        """
        decisions: list[tuple[object, ...]] = []
        keys: list[tuple[object, ...]] = []
        reviews: list[tuple[object, ...]] = []
        for record, place in placed:
            found = (log_id, place.offset, place.length)
            for end in record.other_logs or ():
                self._query(NAME_END, [end.writer, end.record_hash])
            if isinstance(record, ReviewRecord):
                reviews.append((record.decision_id, record.recorded_at, *found))
                continue
            about = record.customer_id, record.recorded_at, record.action == "refer"
            decisions.append((record.decision_id, *found, *about))
            if record.idempotency_key_hash is not None:
                key = record.actor, record.idempotency_key_hash
                keys.append((*key, record.decision_id))
        self._insert("decisions", decisions)
        self._insert("keys", keys)
        self._insert("reviews", reviews)
        for decision_id, *_ in reviews:
            self._query(
                "update decisions set awaits_review = 0 where decision_id = ?",
                [decision_id],
            )

    def advance(self, log_id: int, state: LogState) -> None:
        """Note how far a log has been read."""
        self._query(
            "update logs set size = ?, last_hash = ? where log_id = ?",
            [state.size, state.last_hash, log_id],
        )

    def unnamed_ends(self) -> list[LogEnd]:
        """Return how far logs have come, where no record says so."""
        return [LogEnd(*row) for row in self._query(UNNAMED_ENDS)]

    def close_log(self, log_id: int) -> None:
        """Note that nobody writes a log any more."""
        self._query("update logs set is_open = 0 where log_id = ?", [log_id])

    def decision_of_key(self, actor: str, key_hash: str) -> str | None:
        """Return the decision that a caller made under an idempotency key."""
        row = self._query(
            "select decision_id from keys where actor = ? and key_hash = ?",
            [actor, key_hash],
        ).fetchone()
        return None if row is None else str(row[0])

    def place_of(self, decision_id: str) -> Place | None:
        """Find a decision."""
        found = "select * from decisions where decision_id = ?"
        rows = self._places(found, "found.offset", decision_id)
        return rows[0][1] if rows else None

    def reviews_of(self, decision_id: str) -> list[Place]:
        """Find the reviews of a decision, in order."""
        found = "select * from reviews where decision_id = ?"
        rows = self._places(found, "found.recorded_at", decision_id)
        return [place for _, place in rows]

    def last_event_of(self, decision_id: str) -> str | None:
        """Return the time of a decision or of its latest review."""
        time: str | None = self._one(
            "select max(recorded_at) from (select recorded_at from decisions "
            "where decision_id = ?1 union all select recorded_at from reviews "
            "where decision_id = ?1)",
            decision_id,
        )[0]
        return time

    def of_customer(
        self, customer_id: str, *, after: str, limit: int
    ) -> list[tuple[str, Place]]:
        """Find decisions of a customer, the newest first, behind the one of this id."""
        found = (
            "select * from decisions where customer_id = ?1 and (?2 = '' or "
            "(recorded_at, decision_id) < (select recorded_at, decision_id "
            "from decisions where decision_id = ?2)) "
            "order by recorded_at desc, decision_id desc limit ?3"
        )
        order = "found.recorded_at desc, found.decision_id desc"
        return self._places(found, order, customer_id, after, limit)

    def awaiting_review(self, *, after: str, limit: int) -> list[tuple[str, Place]]:
        """Find referred decisions without a review, the oldest first."""
        found = (
            "select * from decisions where awaits_review and (?1 = '' or "
            "(recorded_at, decision_id) > (select recorded_at, decision_id "
            "from decisions where decision_id = ?1)) "
            "order by recorded_at, decision_id limit ?2"
        )
        order = "found.recorded_at, found.decision_id"
        return self._places(found, order, after, limit)

    def _open_logs(self) -> list[tuple[int, str, int]]:
        return self._query(
            "select log_id, writer, size from logs where is_open order by writer"
        ).fetchall()

    def _read_on(self, log_id: int, writer: str, size: int) -> None:
        last_hash = self._one("select last_hash from logs where log_id = ?", log_id)[0]
        placed: list[tuple[Record, Place]] = []
        for offset, line in log.read_lines(self._folder, writer, size):
            text = line.removesuffix(b"\n")
            if text:
                try:
                    record = read(text)
                except BrokenRecordError as error:
                    _tell_broken(writer, offset, is_torn=text == line, error=error)
                    continue
                placed.append((record, Place(writer, offset, len(text))))
                last_hash = record.record_hash
            size = offset + len(line)
            if len(placed) == MOST_ROWS:
                self.add(log_id, placed)
                placed = []
        self.add(log_id, placed)
        self.advance(log_id, LogState(size, last_hash))
        # A review may have been read before its decision.
        self._query(
            "update decisions set awaits_review = 0 "
            "where awaits_review and decision_id in (select decision_id from reviews)"
        )

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            row = f"({', '.join('?' * len(rows[0]))})"
            self._query(
                f"insert or ignore into {table} "  # noqa: S608 (names of this file)
                f"values {', '.join([row] * len(rows))}",
                [value for values in rows for value in values],
            )

    def _places(
        self, found: str, order: str, *values: object
    ) -> list[tuple[str, Place]]:
        rows = self._query(PLACE.format(found, order), values).fetchall()
        return [(decision_id, Place(*place)) for decision_id, *place in rows]

    def _one(self, query: str, *values: object) -> Sequence[Any]:
        row: Sequence[Any] = self._query(query, values).fetchone()
        return row


def _tell_broken(
    writer: str, offset: int, *, is_torn: bool, error: BrokenRecordError
) -> None:
    what = "ends in a torn line" if is_torn else "holds a broken record"
    logger.warning(
        "the log %s of decisions %s at byte %d: %s (python -m api verify checks all)",
        writer,
        what,
        offset,
        error,
    )
