"""What a hostile file is: its bytes, and what landing makes of each of its rows."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from tests.csv_oracle import read_records

HEADER = "TransactionId,CustomerId,Amount,TransactionStartTime"
DAY = "2019-01-01"
MIDNIGHT = "2019-01-01 00:00:00"
LONG = "x" * 10_000


@dataclass(frozen=True)
class Hostile:
    """A file and what becomes of it.

    Attributes
    ----------
    name
        Name of the file.
    content
        Its bytes.
    accepted
        `TransactionId`, or the values of `columns`, of each accepted row, in order.
    rejected
        Reason by row number.
    input_rows
        How many rows another reader than landing counts.
    columns
        SQL of what `accepted` holds.
    """

    name: str
    content: bytes
    accepted: list[Any]
    rejected: dict[int, str]
    input_rows: int
    columns: str = "TransactionId"


def rows(*lines: str, header: str = HEADER, end: str = "\n") -> bytes:
    """Return a CSV text of a header and lines."""
    return "".join(line + end for line in (header, *lines)).encode()


def csv(
    name: str,
    content: bytes,
    accepted: list[Any],
    rejected: dict[int, str] | None = None,
    columns: str = "TransactionId",
) -> Hostile:
    """Return a CSV file, its rows counted by tests/csv_oracle.py."""
    count = len(read_records(content))
    if name.lower().endswith(".gz"):
        content = gzip.compress(content)
    return Hostile(name, content, accepted, rejected or {}, count, columns)


REASONS = {
    *("customer_missing", "amount_not_a_number", "amount_out_of_range"),
    *("time_unreadable", "time_implausible", "duplicate_transaction_id"),
    *("malformed_line", "not_utf8"),
}
