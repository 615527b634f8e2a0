"""Reads the ids of many customers out of a document."""

from typing import Any, Final

from api.errors import InvalidBodyError
from api.schemas.problem import FieldProblem

CUSTOMER_IDS: Final = "customer_ids"
MOST_CUSTOMERS: Final = 10_000


def read_customer_ids(document: Any) -> list[str]:  # noqa: ANN401 (any JSON)
    """Read whom to score.

    Raises
    ------
    InvalidBodyError
        If it is not an object with a list of 1 to 10,000 texts.

    Examples
    --------
    >>> read_customer_ids({"customer_ids": ["CustomerId_1"]})
    ['CustomerId_1']
    >>> read_customer_ids({"customer_ids": [1]})
    Traceback (most recent call last):
        ...
    api.errors.InvalidBodyError: customer_ids[0] must be text
    """
    if not isinstance(document, dict):
        raise InvalidBodyError([FieldProblem(CUSTOMER_IDS, "must be in an object")])
    unknown = [
        FieldProblem(name, "is unknown") for name in document if name != CUSTOMER_IDS
    ]
    given = document.get(CUSTOMER_IDS)
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_CUSTOMERS:
        found = f"got {len(given)}" if isinstance(given, list) else "got none"
        message = f"must be a list of 1 to {MOST_CUSTOMERS:,} ids, {found}"
        raise InvalidBodyError([FieldProblem(CUSTOMER_IDS, message), *unknown])
    problems = unknown + [
        FieldProblem(f"{CUSTOMER_IDS}[{index}]", "must be text")
        for index, customer_id in enumerate(given)
        if not isinstance(customer_id, str)
    ]
    if problems:
        raise InvalidBodyError(problems)
    return given
