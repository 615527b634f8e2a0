"""Decisions of this process: makes, finds, reviews and replays them."""

import asyncio
import time
from pathlib import Path
from typing import Final

from api.access.actor import Actor
from api.decisions.batch import Clock, same_or_refused, utc_now
from api.decisions.checks import require_usable_key, require_words
from api.decisions.finder import Finder
from api.decisions.ids import new_ids
from api.decisions.making import Case, decide
from api.decisions.reader import Reader
from api.decisions.reading_room import ReadingRoom
from api.decisions.recording import Recording
from api.decisions.records import DecisionRecord, ReviewRecord, key_hash
from api.decisions.replay import (
    NotReplayableError,
    differences,
    open_recorded_release,
)
from api.decisions.telling import told
from api.decisions.writer import Writer
from api.errors import (
    DecisionsDisabledError,
    DecisionsUnavailableError,
    UnknownCustomerError,
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
from api.stop_switch import age_in_days

SECONDS_ALLOWED: Final = 0.05
SAID_IN_A_REVIEW: Final = ("actor", "author", "outcome", "reason")


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
        # On the event loop, for what takes one look-up and one line.
        self._reader = Reader(folder, on_missing=self._writer.prepare)
        self._finder = Finder(self._reader)
        self._reading_room = ReadingRoom(folder, on_missing=self._writer.prepare)
        self._replaying = asyncio.Lock()
        self._ids = new_ids()
        self._allowed_until = 0.0

    def start(self) -> None:
        """Begin to take decisions."""
        self._writer.start()

    def stop(self) -> None:
        """Write what is waiting, then take no more."""
        self._writer.stop()
        self._reading_room.close()
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
        InvalidBodyError
            If the idempotency key is blank or holds a control character.
        DecisionsDisabledError
            If the stop switch is on, and this was not decided before.
        NoReleaseError, UnknownCustomerError
            If there is nothing to decide from.
        KeyReusedError
            If the idempotency key was used for another request.
        DecisionsUnavailableError
            If it could not be written.
        """
        require_usable_key(request.idempotency_key)
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
        return self._finder.as_told(self._finder.record(written.decision_id))

    async def find(self, decision_id: str) -> RecordedDecision:
        """Find a decision with its reviews.

        Raises
        ------
        UnknownDecisionError
            If there is none of this id.
        DamagedRecordError
            If a record of it is not what was written.
        """
        return await self._reading_room.ask(lambda finder: finder.recorded(decision_id))

    async def of_customer(
        self, customer_id: str, *, after: str | None, limit: int
    ) -> DecisionList:
        """List the decisions about a customer, as `Finder.of_customer`."""
        return await self._reading_room.ask(
            lambda finder: finder.of_customer(customer_id, after=after, limit=limit)
        )

    async def awaiting_review(self, *, after: str | None, limit: int) -> DecisionList:
        """List what waits for a review, as `Finder.awaiting_review`."""
        return await self._reading_room.ask(
            lambda finder: finder.awaiting_review(after=after, limit=limit)
        )

    async def review(
        self, decision_id: str, request: ReviewRequest, actor: Actor
    ) -> RecordedDecision:
        """Add what a person decided; it is on disk when this returns.

        The latest review sent again adds nothing.

        Raises
        ------
        UnknownDecisionError
            If there is no such decision.
        InvalidBodyError
            If reason or author have no character that can be seen.
        DecisionsUnavailableError
            If it could not be written.
        """
        known = await self.find(decision_id)
        require_words(request)
        record = ReviewRecord(
            actor=actor.name,
            review_id=next(self._ids),
            decision_id=decision_id,
            author=request.author,
            outcome=request.outcome,
            reason=request.reason,
        )
        if known.reviews and _say_the_same(known.reviews[-1], record):
            return known
        await self._writer.write(record)
        return await self.find(decision_id)

    async def replay(self, decision_id: str) -> Replay:
        """Compute a decision again from the release that is named in it.

        Raises
        ------
        UnknownDecisionError
            If there is no such decision.
        """
        record = await self._record(decision_id)
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
        return self._finder.as_told(found)

    async def _record(self, decision_id: str) -> DecisionRecord:
        return await self._reading_room.ask(lambda finder: finder.record(decision_id))


def _say_the_same(one: ReviewRecord, other: ReviewRecord) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in SAID_IN_A_REVIEW)
