"""What a request may say, beyond what its schema can."""

import re
from typing import Final

from api.errors import InvalidBodyError
from api.schemas.decisions import ReviewRequest
from api.schemas.problem import FieldProblem

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def require_usable_key(idempotency_key: str | None) -> None:
    r"""Refuse an idempotency key that was hardly chosen: one is shared by mistake.

    Raises
    ------
    InvalidBodyError
        If nothing of it can be seen, or it holds a control character.

    Examples
    --------
    >>> require_usable_key("order 17")
    >>> require_usable_key("17\n")
    Traceback (most recent call last):
        ...
    api.errors.InvalidBodyError: idempotency_key must not hold control characters
    """
    if idempotency_key is None:
        return
    if CONTROL.search(idempotency_key):
        wrong = "must not hold control characters"
    elif not _can_be_seen(idempotency_key):
        wrong = "must not be blank; leave it out or give null where there is none"
    else:
        return
    raise InvalidBodyError([FieldProblem("idempotency_key", wrong)])


def require_words(review: ReviewRequest) -> None:
    """Refuse a review of whose reason or author nothing can be seen.

    Raises
    ------
    InvalidBodyError
        Names the fields.
    """
    blank = [
        FieldProblem(name, "must not be blank")
        for name in ("reason", "author")
        if not _can_be_seen(getattr(review, name))
    ]
    if blank:
        raise InvalidBodyError(blank)


def _can_be_seen(text: str) -> bool:
    return any(one.isprintable() and not one.isspace() for one in text)
