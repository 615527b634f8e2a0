"""CSV files of hostile values: customers, amounts, times."""

from __future__ import annotations

from typing import Any

from tests.integration.hostile.file import (
    DAY,
    LONG,
    MIDNIGHT,
    REASONS,
    Hostile,
    csv,
    rows,
)


def _file(name: str, column: str, texts: dict[str, Any]) -> Hostile:
    """Return a file with a row for each text of one column.

    Each text is accepted as its value, or rejected if its value is a reason.
    """
    defaults = {"Amount": "1", "TransactionStartTime": DAY, "CustomerId": "C"}
    lines = [
        ",".join([*({**defaults, column: f'"{text}"'}).values()]) for text in texts
    ]
    reasons = {
        number: value
        for number, value in enumerate(texts.values(), 1)
        if value in REASONS
    }
    return csv(
        name,
        rows(*lines, header="Amount,TransactionStartTime,CustomerId"),
        [value for value in texts.values() if value not in REASONS],
        reasons,
        f"cast({column} as varchar)",
    )


def values() -> list[Hostile]:
    """Return the files."""
    nan = "amount_not_a_number"
    big = "amount_out_of_range"
    unread = "time_unreadable"
    odd = "time_implausible"
    return [
        _file(
            "customers.csv",
            "CustomerId",
            {
                "": "customer_missing",
                " ": "customer_missing",
                "\t": "customer_missing",
                "\u00a0\u2003": "customer_missing",
                "\u200b": "customer_missing",
                " C ": " C ",
                "O'Brien": "O'Brien",
                "a;drop table raw.files": "a;drop table raw.files",
                "😀": "😀",
                LONG: LONG,
                "null": "null",
                "NaN": "NaN",
                "{{ var('seed') }}": "{{ var('seed') }}",
                "=1+1": "=1+1",
                "0012": "0012",
            },
        ),
        _file(
            "amounts.csv",
            "Amount",
            {
                "1e5": "100000.0000",
                "1E+2": "100.0000",
                "1.25e1": "12.5000",
                "-0": "0.0000",
                "+5": "5.0000",
                " 7 ": "7.0000",
                ".5": "0.5000",
                "5.": "5.0000",
                "0.0001": "0.0001",
                "1.20000000": "1.2000",
                "99999999999999.9999": "99999999999999.9999",
                "-99999999999999.9999": "-99999999999999.9999",
                "1,000.50": nan,
                "1.000,50": nan,
                "1_000": nan,
                "NaN": nan,
                "inf": nan,
                "-Infinity": nan,
                "": nan,
                " ": nan,
                "0x10": nan,
                "١٢": nan,
                "1e": nan,
                "true": nan,
                "--5": nan,
                "5 UGX": nan,
                "12345678901234567890": big,
                "100000000000000": big,
                "1e99": big,
                "1e999": big,
                "0.00001": big,
                "1.23456": big,
            },
        ),
        _file(
            "times.csv",
            "TransactionStartTime",
            {
                DAY: MIDNIGHT,
                "2019-01-01T10:11:12Z": "2019-01-01 10:11:12",
                "2019-01-01 10:11": "2019-01-01 10:11:00",
                "2019-01-01 10:11:12.5": "2019-01-01 10:11:12.5",
                "2019-01-01T02:00:00+03:00": "2018-12-31 23:00:00",
                "2019-01-01T02:00:00+0300": "2018-12-31 23:00:00",
                "2019-01-01T22:00:00-03": "2019-01-02 01:00:00",
                "2018-12-31T23:59:59.9999999": "2018-12-31 23:59:59.999999",
                "2000-01-01": "2000-01-01 00:00:00",
                "2016-02-29": "2016-02-29 00:00:00",
                "2019-02-29": unread,
                "2019-13-01": unread,
                "2019-01-01 25:00:00": unread,
                "01/02/2019": unread,
                "1546300800": unread,
                "2019-01-01 10:11:12 PM": unread,
                "2019-01-01 10:11:12 Africa/Kampala": unread,
                "": unread,
                "now": unread,
                "infinity": unread,
                "2099-01-01": odd,
                "1970-01-01": odd,
                "1999-12-31T23:59:59": odd,
                "2000-01-01T00:00:00+03:00": odd,
                "0001-01-01": odd,
            },
        ),
    ]
