"""Reads decisions and reviews back out of the logs."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from api.decisions import log
from api.decisions.index import INDEX_FILE, Index
from api.decisions.log import Place
from api.decisions.records import (
    BrokenRecordError,
    DecisionRecord,
    Record,
    ReviewRecord,
    read,
)
from api.errors import DamagedRecordError, DecisionsUnavailableError

Found = TypeVar("Found")

logger = logging.getLogger(__name__)


class Reader:
    """Finds records of all processes; for one thread.

    Every method raises `DecisionsUnavailableError` if the index cannot be read, and
    `DamagedRecordError` if a record is not what was written.

    Parameters
    ----------
    folder
        Folder of all logs; it need not exist yet.
    on_missing
        Called when there are logs and no whole index of them: asks for one.
    """

    def __init__(
        self, folder: Path, on_missing: Callable[[], None] = lambda: None
    ) -> None:
        self._folder = folder
        self._on_missing = on_missing
        self._index: Index | None = None

    def decision(self, decision_id: str) -> DecisionRecord | None:
        """Find a decision; None if there is none of this id."""
        place = self._ask(lambda index: index.place_of(decision_id))
        if place is None:
            return None
        return decision_at(self._folder, place, decision_id)

    def decision_of_key(self, actor: str, key_hash: str) -> DecisionRecord | None:
        """Find the decision that was made under an idempotency key."""
        decision_id = self._ask(lambda index: index.decision_of_key(actor, key_hash))
        return None if decision_id is None else self.decision(decision_id)

    def reviews(self, decision_id: str) -> list[ReviewRecord]:
        """Find the reviews of a decision, in order."""
        places = self._ask(lambda index: index.reviews_of(decision_id)) or []
        records = [_record_at(self._folder, place) for place in places]
        return [record for record in records if isinstance(record, ReviewRecord)]

    def knows(self, decision_id: str) -> bool:
        """Whether there is a decision of this id, damaged or not."""
        return self._ask(lambda index: index.place_of(decision_id)) is not None

    def of_customer(self, customer_id: str, *, after: str, limit: int) -> list[str]:
        """Find ids of a customer's decisions, the newest first, behind one of them."""
        found = self._ask(
            lambda index: index.of_customer(customer_id, after=after, limit=limit)
        )
        return [decision_id for decision_id, _ in found or []]

    def awaiting_review(self, *, after: str, limit: int) -> list[str]:
        """Find ids of referred decisions without a review, the oldest first."""
        found = self._ask(lambda index: index.awaiting_review(after=after, limit=limit))
        return [decision_id for decision_id, _ in found or []]

    def require_index(self) -> None:
        """Raise `DecisionsUnavailableError` if nothing could be found now."""
        self._ask(lambda _: None)

    def close(self) -> None:
        """Close the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def _ask(self, question: Callable[[Index], Found]) -> Found | None:
        try:
            if self._index is not None and not self._index.is_current():
                self.close()
            if self._index is None:
                self._index = self._whole_index()
            return None if self._index is None else question(self._index)
        except (OSError, sqlite3.Error) as error:
            message = f"The index of decisions cannot be read: {error}."
            raise DecisionsUnavailableError(message) from error

    def _whole_index(self) -> Index | None:
        if (self._folder / INDEX_FILE).is_file():
            index = Index(self._folder)
            if index.is_complete():
                return index
            index.close()
        if not log.writers_in(self._folder):
            return None
        self._on_missing()
        message = "The index of decisions is being made again; ask again soon."
        raise DecisionsUnavailableError(message)


def decision_at(folder: Path, place: Place, decision_id: str) -> DecisionRecord:
    """Read the decision that lies at a place of a log.

    Raises
    ------
    DamagedRecordError
        If it is not what was written.
    """
    record = _record_at(folder, place)
    if not isinstance(record, DecisionRecord) or record.decision_id != decision_id:
        raise _damaged(place, "another record is there")
    return record


def _record_at(folder: Path, place: Place) -> Record:
    try:
        return read(log.read_line(folder, place))
    except (OSError, BrokenRecordError) as error:
        raise _damaged(place, str(error)) from error


def _damaged(place: Place, how: str) -> DamagedRecordError:
    # Who serves is to know of it; how it is damaged may name the customer.
    logger.error(
        "the record at byte %d of the log %s of decisions is damaged",
        place.offset,
        place.writer,
    )
    return DamagedRecordError(
        f"The record at byte {place.offset} of log {place.writer} is damaged: {how}; "
        "python -m api verify checks all."
    )
