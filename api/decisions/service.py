"""Decisions of this process: makes, finds, reviews and replays them."""

import asyncio
import time
from pathlib import Path
from typing import Final

from api.access.actor import Actor
from api.decisions.batch import Clock, same_or_refused, utc_now
from api.decisions.ids import new_ids
from api.decisions.making import Case, decide
from api.decisions.reader import Reader
from api.decisions.recording import Recording
from api.decisions.records import DecisionRecord, ReviewRecord, key_hash
from api.decisions.replay import (
    NotReplayableError,
    differences,
    open_recorded_release,
)
from api.decisions.telling import outcome, told
from api.decisions.writer import Writer
from api.errors import (
    DamagedRecordError,
    DecisionsDisabledError,
    DecisionsUnavailableError,
    InvalidBodyError,
    UnknownCustomerError,
    UnknownDecisionError,
)
from api.release_store import ReleaseStore
from api.schemas.decisions import (
    Decision,
    DecisionList,
    DecisionRequest,
    RecordedDecision,
    Replay,
    ReviewRequest,
)
from api.schemas.problem import FieldProblem
from api.stop_switch import age_in_days

NO_SUCH_DECISION: Final = "There is no decision with this id."
SECONDS_ALLOWED: Final = 0.05


class DecisionService:
    """Makes decisions and keeps them.

    Parameters
    ----------
    store
        Holds the release that decides.
    releases_dir
        Folder of all releases, for replay.
    folder
        Folder of the logs.
    clock
        Time now, UTC.
    """

    def __init__(
        self,
        store: ReleaseStore,
        *,
        releases_dir: Path,
        folder: Path,
        clock: Clock = utc_now,
    ) -> None:
        self._store = store
        self._releases_dir = releases_dir
        self._clock = clock
        self._writer = Writer(folder, clock)
        self._reader = Reader(folder, on_missing=self._writer.prepare)
        self._replaying = asyncio.Lock()
        self._ids = new_ids()
        self._allowed_until = 0.0

    def start(self) -> None:
        """Begin to take decisions."""
        self._writer.start()

    def stop(self) -> None:
        """Write what is waiting, then take no more."""
        self._writer.stop()
        self._reader.close()

    @property
    def recording(self) -> Recording:
        """Whether decisions can be recorded."""
        return self._writer.recording

    def require_ready(self) -> None:
        """Raise if decisions that were made cannot be found yet.

        Raises
        ------
        DecisionsUnavailableError
            While the index of them is missing, or is read from the logs.
        """
        self._reader.require_index()
        if not self._writer.is_prepared:
            message = "The index of decisions is not read from the logs yet."
            raise DecisionsUnavailableError(message)

    async def decide(self, request: DecisionRequest, actor: Actor) -> Decision:
        """Decide about a customer; it is on disk when this returns.

        Raises
        ------
        DecisionsDisabledError
            If the stop switch is on, and this was not decided before.
        NoReleaseError, UnknownCustomerError
            If there is nothing to decide from.
        KeyReusedError
            If the idempotency key was used for another request.
        DecisionsUnavailableError
            If it could not be written.
        """
        # The stop switch is for new decisions; what was decided is still told.
        earlier = self._earlier(request, actor)
        if earlier is not None:
            return earlier
        self._require_allowed()
        with self._store.lease() as release:
            row = await release.find(request.customer_id)
            if row is None:
                message = "The release knows no customer with this id."
                raise UnknownCustomerError(message)
            case = Case(
                decision_id=next(self._ids),
                actor=actor.name,
                customer_id=request.customer_id,
                amount=request.amount,
                idempotency_key_hash=request.idempotency_key
                and key_hash(request.idempotency_key),
                snapshot_age_days=age_in_days(
                    release.manifest.snapshot_date, self._clock().date()
                ),
            )
            record = decide(release, row, case)
        written = await self._writer.write(record)
        if written is record:
            return told(record, record.action)
        return self._as_told(self._decision(written.decision_id))

    def find(self, decision_id: str) -> RecordedDecision:
        """Find a decision with its reviews.

        Raises
        ------
        UnknownDecisionError
            If there is none of this id.
        DamagedRecordError
            If a record of it is not what was written.
        """
        record = self._decision(decision_id)
        reviews = self._reader.reviews(decision_id)
        return RecordedDecision(outcome(record, reviews), record, reviews)

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

    async def review(
        self, decision_id: str, request: ReviewRequest, actor: Actor
    ) -> RecordedDecision:
        """Add what a person decided; it is on disk when this returns.

        Raises
        ------
        UnknownDecisionError
            If there is no such decision.
        InvalidBodyError
            If reason or author are blank.
        DecisionsUnavailableError
            If it could not be written.
        """
        self._decision(decision_id)
        blank = [
            FieldProblem(name, "must not be blank")
            for name in ("reason", "author")
            if not getattr(request, name).strip()
        ]
        if blank:
            raise InvalidBodyError(blank)
        await self._writer.write(
            ReviewRecord(
                actor=actor.name,
                review_id=next(self._ids),
                decision_id=decision_id,
                author=request.author,
                outcome=request.outcome,
                reason=request.reason,
            )
        )
        return self.find(decision_id)

    async def replay(self, decision_id: str) -> Replay:
        """Compute a decision again from the release that is named in it.

        Raises
        ------
        UnknownDecisionError
            If there is no such decision.
        """
        record = self._decision(decision_id)
        # One at a time: each reads every byte of a release.
        async with self._replaying:
            try:
                release = await asyncio.to_thread(
                    open_recorded_release, self._releases_dir, record
                )
            except NotReplayableError as error:
                return Replay(
                    decision_id=decision_id,
                    identical=False,
                    differences=[],
                    problem=str(error),
                    release_id=record.release_id,
                )
            try:
                row = await release.find(record.customer_id)
                found = differences(release, row, record)
            finally:
                release.close()
        return Replay(
            decision_id=decision_id,
            identical=not found,
            differences=found,
            problem=None,
            release_id=record.release_id,
        )

    def _require_allowed(self) -> None:
        # Each look at a file lets other threads in; one in 50 ms is soon enough.
        now = time.monotonic()
        if now < self._allowed_until:
            return
        refusal = self._store.refusal()
        if refusal is not None:
            raise DecisionsDisabledError(refusal)
        self._allowed_until = now + SECONDS_ALLOWED

    def _earlier(self, request: DecisionRequest, actor: Actor) -> Decision | None:
        if request.idempotency_key is None:
            return None
        earlier = self._reader.decision_of_key(
            actor.name, key_hash(request.idempotency_key)
        )
        if earlier is None:
            return None
        found = same_or_refused(earlier, request.customer_id, request.amount)
        if not isinstance(found, DecisionRecord):
            raise found
        return self._as_told(found)

    def _decision(self, decision_id: str) -> DecisionRecord:
        record = self._reader.decision(decision_id)
        if record is None:
            raise UnknownDecisionError(NO_SUCH_DECISION)
        return record

    def _require(self, decision_id: str | None) -> None:
        if decision_id is not None and not self._reader.knows(decision_id):
            raise UnknownDecisionError(NO_SUCH_DECISION)

    def _page(self, found: list[str], limit: int) -> DecisionList:
        page = found[:limit]
        decisions: list[Decision] = []
        damaged: list[str] = []
        for decision_id in page:
            try:
                decisions.append(self._as_told(self._decision(decision_id)))
            except DamagedRecordError:
                damaged.append(decision_id)
        has_more = len(found) > limit
        return DecisionList(decisions, page[-1] if has_more else None, damaged)

    def _as_told(self, record: DecisionRecord) -> Decision:
        reviews = self._reader.reviews(record.decision_id)
        return told(record, outcome(record, reviews))
