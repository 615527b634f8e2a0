"""Records that wait for the writing thread, and how their callers are answered."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from api.decisions.records import DecisionRecord, Record
from api.errors import ApiError
from api.observability.metrics import DECISIONS


@dataclass(frozen=True, slots=True)
class Submission:
    """A record, and who waits for it."""

    record: Record
    answer: asyncio.Future[Record]


Answered = tuple[Submission, Record | ApiError]


def deliver(answered: Sequence[Answered]) -> None:
    """Answer from another thread, each on the event loop that waits."""
    for loop in {item.answer.get_loop() for item, _ in answered}:
        of_loop = [pair for pair in answered if pair[0].answer.get_loop() is loop]
        loop.call_soon_threadsafe(_resolve, of_loop)


def _resolve(answered: Sequence[Answered]) -> None:
    for item, answer in answered:
        # Counted here, as a record is made whether or not its caller still waits.
        if answer is item.record and isinstance(answer, DecisionRecord):
            DECISIONS[answer.action] += 1
        if item.answer.done():
            continue
        if isinstance(answer, ApiError):
            item.answer.set_exception(answer)
        else:
            item.answer.set_result(answer)
