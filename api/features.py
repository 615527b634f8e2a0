"""Reads 26 feature values out of a document; names what is wrong."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from api.bins import FeatureValue
from api.documents import FeatureRow
from api.errors import InvalidBodyError
from api.ranges import range_of
from api.schemas.problem import FieldProblem

WRAPPER: Final = "features"

JSON_KINDS: Final[dict[type, str]] = {
    str: "text",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def read_features(
    document: Any,  # noqa: ANN401 (any JSON)
    contract: Sequence[FeatureRow],
) -> list[FeatureValue]:
    """Read feature values, given by name or as a list in contract order.

    Parameters
    ----------
    document
        JSON as read: ``{"features": X}`` or X, where X is an object with every name of
        the contract or a list of all values. ``null`` is a missing value.
    contract
        The features in order.

    Returns
    -------
    list
        One value per feature, in contract order.

    Raises
    ------
    InvalidBodyError
        If a value is missing, unknown, of the wrong type, not finite, or outside
        the range of its feature. Each value is judged by itself.
    """
    given = _unwrap(document)
    if isinstance(given, dict):
        values = _in_order(given, contract)
    elif isinstance(given, list) and len(given) == len(contract):
        values = given
    else:
        found = len(given) if isinstance(given, list) else JSON_KINDS[type(given)]
        message = (
            f"must be an object by name or a list of {len(contract)} values in "
            f"contract order, got {found}"
        )
        raise InvalidBodyError([FieldProblem(WRAPPER, message)])
    problems = [
        FieldProblem(row.name, wrong)
        for row, value in zip(contract, values, strict=True)
        if (wrong := CHECKS[row.kind](row, value))
    ]
    if problems:
        raise InvalidBodyError(problems)
    return [float(value) if isinstance(value, int) else value for value in values]


def _unwrap(document: Any) -> Any:  # noqa: ANN401 (any JSON)
    if not isinstance(document, dict) or WRAPPER not in document:
        return document
    unknown = [name for name in document if name != WRAPPER]
    if unknown:
        raise InvalidBodyError(
            [FieldProblem(name, f"is unknown beside '{WRAPPER}'") for name in unknown]
        )
    return document[WRAPPER]


def _in_order(given: dict[str, Any], contract: Sequence[FeatureRow]) -> list[Any]:
    names = [row.name for row in contract]
    known = set(names)
    problems = [
        FieldProblem(name, "is missing; give null for a missing value")
        for name in names
        if name not in given
    ] + [
        FieldProblem(name, "is not a feature of the contract")
        for name in given
        if name not in known
    ]
    if problems:
        raise InvalidBodyError(problems)
    return [given[name] for name in names]


def _number_problem(row: FeatureRow, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"must be a number or null, got {JSON_KINDS[type(value)]}"
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        return "must be a finite number"
    possible = range_of(row)
    return None if possible.holds(number) else f"must be {possible}, got {value}"


def _category_problem(_: FeatureRow, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return None
    return f"must be text or null, got {JSON_KINDS[type(value)]}"


CHECKS: Final[dict[str, Callable[[FeatureRow, object], str | None]]] = {
    "numeric": _number_problem,
    "categorical": _category_problem,
}
