"""What landing makes of a row, found one value at a time with Python's own types.

What landing does in SQL, for texts and for typed columns, is here written from the
contract (data/README.md): the exact decimal, the instant in UTC, the first reason.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

EARLIEST = datetime.datetime(2000, 1, 1)
STEP = Decimal("0.0001")
LIMIT = Decimal(10) ** 14
NUMBER = re.compile(r" *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *")
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)([T ](\d\d):(\d\d)(:(\d\d)(\.(\d+))?)?"
    r"(Z|([+-])(\d\d)(:?(\d\d))?)?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class Accepted:
    """The values of an accepted row, as raw.transactions has them."""

    transaction_id: str | None
    customer_id: str
    amount: Decimal
    value: Decimal | None
    fraud_result: int | None
    transacted_at: datetime.datetime


def read_id(value: object) -> str | None:
    r"""Return an id as it stands; what has no visible character is none.

    Examples
    --------
    >>> read_id(" C "), read_id("\u00a0\u200b"), read_id(7)
    (' C ', None, '7')
    """
    text = "" if value is None else str(value)
    seen = any(
        not character.isspace() and unicodedata.category(character)[0] not in "ZC"
        for character in text
    )
    return text if seen else None


def read_amount(value: object) -> Decimal | str:
    """Return an amount of at most 4 decimals below 10^14, or why it is none.

    Examples
    --------
    >>> read_amount("1e5"), read_amount(0.1 + 0.2)
    (Decimal('100000.0000'), Decimal('0.3000'))
    >>> read_amount("1,000.50"), read_amount("0.00001")
    ('amount_not_a_number', 'amount_out_of_range')
    """
    if isinstance(value, str):
        if not NUMBER.fullmatch(value):
            return "amount_not_a_number"
        number, is_binary = Decimal(value.strip(" ")), "e" in value.lower()
        double = float(value)
        tolerance = 0.0
    elif isinstance(value, float) and math.isfinite(value):
        number, is_binary, double = Decimal(value), True, value
        tolerance = max(1e-9, 1e-15 * abs(value))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number, is_binary, double, tolerance = Decimal(value), False, 0.0, 0.0
    else:
        return "amount_not_a_number"
    if abs(number) >= LIMIT:
        return "amount_out_of_range"
    nearest = number.quantize(STEP, ROUND_HALF_UP)
    if is_binary:
        is_it = abs(float(nearest) - double) <= tolerance
    else:
        is_it = nearest == number
    return nearest if is_it and abs(nearest) < LIMIT else "amount_out_of_range"


def read_time(value: object) -> datetime.datetime | None:
    """Return an instant of UTC without a zone; digits below a microsecond are cut.

    24:00 is the end of a day, as in ISO 8601.

    Examples
    --------
    >>> read_time("2019-01-01 24:00")
    datetime.datetime(2019, 1, 2, 0, 0)
    >>> read_time("2019-01-01T02:00:00.1234567+03:00")
    datetime.datetime(2018, 12, 31, 23, 0, 0, 123456)
    >>> read_time("2019-02-29") is None
    True
    """
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return value
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    if isinstance(value, datetime.date):
        return datetime.datetime.combine(value, datetime.time())
    found = TIME.fullmatch(value.strip(" ")) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, day = (int(found[group]) for group in (1, 2, 3))
    hour, minute, second = (int(found[group] or 0) for group in (5, 6, 8))
    microsecond = int((found[10] or "").ljust(6, "0")[:6])
    offset = datetime.timedelta(
        hours=int(found[13] or 0), minutes=int(found[15] or 0)
    ) * (-1 if found[12] == "-" else 1)
    if abs(offset) >= datetime.timedelta(hours=15) or int(found[15] or 0) > 59:
        return None
    is_end = (hour, minute, second, microsecond) == (24, 0, 0, 0)
    try:
        day_start = datetime.datetime(year, month, day)
        time = datetime.time(0 if is_end else hour, minute, second, microsecond)
    except ValueError:
        return None
    local = datetime.datetime.combine(day_start, time)
    return local + datetime.timedelta(days=is_end) - offset


def read_flag(value: object) -> int | None:
    """Return 0 or 1.

    Examples
    --------
    >>> read_flag(" 1.0 "), read_flag("FALSE"), read_flag(True), read_flag("yes")
    (1, 0, 1, None)
    """
    if isinstance(value, str):
        text = value.strip(" ").lower()
        if re.fullmatch(r"1(\.0*)?|true", text):
            return 1
        return 0 if re.fullmatch(r"0(\.0*)?|false", text) else None
    if isinstance(value, bool | int | float | Decimal) and value in (0, 1):
        return int(value)
    return None


def read_row(row: Mapping[str, object], now: datetime.datetime) -> Accepted | str:
    """Return a row's values, or the first reason against it."""
    customer_id = read_id(row["CustomerId"])
    amount = read_amount(row["Amount"])
    transacted_at = read_time(row["TransactionStartTime"])
    value = read_amount(row.get("Value"))
    if customer_id is None:
        return "customer_missing"
    if isinstance(amount, str):
        return amount
    if transacted_at is None:
        return "time_unreadable"
    if not EARLIEST <= transacted_at <= now:
        return "time_implausible"
    return Accepted(
        read_id(row.get("TransactionId")),
        customer_id,
        amount,
        None if isinstance(value, str) else value,
        read_flag(row.get("FraudResult")),
        transacted_at,
    )
