"""The records of a moment, placed one behind the other at the end of a chain."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import UNSET

from api.decisions.index import Index
from api.decisions.log import Place
from api.decisions.reader import decision_at
from api.decisions.records import (
    FIRST_HASH,
    DecisionRecord,
    Record,
    seal,
)
from api.errors import ApiError, DamagedRecordError, KeyReusedError

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ONE_MICROSECOND: Final = timedelta(microseconds=1)

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time of the system's clock, in whole microseconds."""
    return EPOCH + timedelta(microseconds=time.time_ns() // 1_000)


def written(moment: datetime) -> str:
    """Write a time of UTC as records hold it.

    Examples
    --------
    >>> written(EPOCH)
    '1970-01-01T00:00:00.000000Z'
    """
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The end of a chain: what the next record continues."""

    sequence: int = 0
    last_hash: str = FIRST_HASH
    last_time: datetime = EPOCH


@dataclass(slots=True)
class Batch:
    """Records on their way into one log, inside a transaction of the index.

    Attributes
    ----------
    folder
        Folder of all logs.
    index
        Index, in a transaction.
    writer
        The log.
    offset
        First byte behind the lines so far.
    end
        End of the chain with these lines.
    lines, placed
        What is to be written, and noted in the index.
    """

    folder: Path
    index: Index
    writer: str
    offset: int
    end: ChainEnd
    lines: list[bytes] = field(default_factory=list)
    placed: list[tuple[Record, Place]] = field(default_factory=list)
    _by_key: dict[tuple[str, str], DecisionRecord] = field(default_factory=dict)

    def add(self, record: Record, now: datetime) -> Record | ApiError:
        """Place a record, unless its idempotency key was used before.

        Returns
        -------
        Record or ApiError
            The record, now complete; or the one that the key stands for; or why it
            cannot be.
        """
        not_before = self.end.last_time + ONE_MICROSECOND
        if isinstance(record, DecisionRecord):
            try:
                earlier = self._made_with_the_key_of(record)
            except DamagedRecordError as error:
                return error
            if earlier is not None:
                return same_or_refused(earlier, record.customer_id, record.amount)
        else:
            not_before = max(not_before, self._after_the_last_event(record.decision_id))
        self._place(record, max(now, not_before))
        return record

    def _place(self, record: Record, recorded_at: datetime) -> None:
        record.writer = self.writer
        record.sequence = self.end.sequence + 1
        record.recorded_at = written(recorded_at)
        record.previous_hash = self.end.last_hash
        if record.sequence == 1:
            record.other_logs = self.index.unnamed_ends() or UNSET
        line = seal(record)
        place = Place(self.writer, self.offset, len(line) - 1)
        self.placed.append((record, place))
        self.lines.append(line)
        self.offset += len(line)
        self.end = ChainEnd(record.sequence, record.record_hash, recorded_at)
        if isinstance(record, DecisionRecord) and record.idempotency_key_hash:
            self._by_key[record.actor, record.idempotency_key_hash] = record

    def _made_with_the_key_of(self, record: DecisionRecord) -> DecisionRecord | None:
        if record.idempotency_key_hash is None:
            return None
        key = record.actor, record.idempotency_key_hash
        if key in self._by_key:
            return self._by_key[key]
        decision_id = self.index.decision_of_key(*key)
        if decision_id is None:
            return None
        place = self.index.place_of(decision_id)
        return None if place is None else decision_at(self.folder, place, decision_id)

    def _after_the_last_event(self, decision_id: str) -> datetime:
        # The clocks of two processes may differ; a review is later than what it is of.
        last = self.index.last_event_of(decision_id)
        return EPOCH if last is None else datetime.fromisoformat(last) + ONE_MICROSECOND


def same_or_refused(
    earlier: DecisionRecord, customer_id: str, amount: float | None
) -> DecisionRecord | KeyReusedError:
    """Return the earlier decision if it answers the same request."""
    if (earlier.customer_id, earlier.amount) == (customer_id, amount):
        return earlier
    return KeyReusedError(
        "This idempotency key was used for another request; take a new one."
    )
