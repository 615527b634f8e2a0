"""Finds decisions, and puts them into the words of the API."""

from typing import Final

from api.decisions.reader import Reader
from api.decisions.records import DecisionRecord
from api.decisions.telling import outcome, told
from api.errors import DamagedRecordError, UnknownDecisionError
from api.schemas.decisions import Decision, DecisionList, RecordedDecision

NO_SUCH_DECISION: Final = "There is no decision with this id."


class Finder:
    """Reads decisions with their reviews; for one thread.

    Every method raises `DecisionsUnavailableError` if the index cannot be read, and
    those that name a decision `UnknownDecisionError` if there is none of this id.

    Parameters
    ----------
    reader
        Reads the logs.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def record(self, decision_id: str) -> DecisionRecord:
        """Find a decision as it was recorded.

        Raises
        ------
        DamagedRecordError
            If it is not what was written.
        """
        record = self._reader.decision(decision_id)
        if record is None:
            raise UnknownDecisionError(NO_SUCH_DECISION)
        return record

    def recorded(self, decision_id: str) -> RecordedDecision:
        """Find a decision with its reviews.

        Raises
        ------
        DamagedRecordError
            If a record of it is not what was written.
        """
        record = self.record(decision_id)
        reviews = self._reader.reviews(decision_id)
        return RecordedDecision(outcome(record, reviews), record, reviews)

    def as_told(self, record: DecisionRecord) -> Decision:
        """Tell a decision with the outcome that holds now."""
        reviews = self._reader.reviews(record.decision_id)
        return told(record, outcome(record, reviews))

    def of_customer(
        self, customer_id: str, *, after: str | None, limit: int
    ) -> DecisionList:
        """List the decisions about a customer, the newest first.

        Parameters
        ----------
        after
            Id of the last decision of the page before.
        limit
            Most decisions of one page.
        """
        self._require(after)
        found = self._reader.of_customer(
            customer_id, after=after or "", limit=limit + 1
        )
        return self._page(found, limit)

    def awaiting_review(self, *, after: str | None, limit: int) -> DecisionList:
        """List referred decisions that nobody has reviewed, the oldest first."""
        self._require(after)
        found = self._reader.awaiting_review(after=after or "", limit=limit + 1)
        return self._page(found, limit)

    def _require(self, decision_id: str | None) -> None:
        if decision_id is not None and not self._reader.knows(decision_id):
            raise UnknownDecisionError(NO_SUCH_DECISION)

    def _page(self, found: list[str], limit: int) -> DecisionList:
        page = found[:limit]
        decisions: list[Decision] = []
        damaged: list[str] = []
        for decision_id in page:
            try:
                decisions.append(self.as_told(self.record(decision_id)))
            except DamagedRecordError:
                damaged.append(decision_id)
        has_more = len(found) > limit
        return DecisionList(decisions, page[-1] if has_more else None, damaged)
