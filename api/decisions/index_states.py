"""What an index says of each log, read without changing a byte of it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LogState:
    """How far a log has been read: its size in bytes, and the last hash up to there."""

    size: int
    last_hash: str


@dataclass(frozen=True, slots=True)
class IndexStates:
    """All that it says of the logs.

    Attributes
    ----------
    of_logs
        State by writer.
    rebuilt_at
        When it was last made again from the logs (ISO 8601, UTC); None: never.
    """

    of_logs: dict[str, LogState]
    rebuilt_at: str | None


def read_states(path: Path) -> IndexStates | None:
    """Read how far each log has been read, also from a copy that is read-only.

    Parameters
    ----------
    path
        File of the index.

    Returns
    -------
    IndexStates or None
        None where its process was killed before it made the tables.

    Raises
    ------
    sqlite3.Error
        If it cannot be read.
    """
    # Without a write-ahead log beside it nobody writes it, and SQLite needs no lock.
    has_log = path.with_name(f"{path.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'' if has_log else '&immutable=1'}"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        tables = connection.execute("select name from sqlite_schema").fetchall()
        if not tables:
            return None
        rows = connection.execute("select writer, size, last_hash from logs").fetchall()
        rebuilt_at = None
        # An index of earlier days has no such table.
        if ("rebuilds",) in tables:
            query = "select max(rebuilt_at) from rebuilds"
            rebuilt_at = connection.execute(query).fetchone()[0]
    of_logs = {writer: LogState(size, last) for writer, size, last in rows}
    return IndexStates(of_logs, rebuilt_at)
