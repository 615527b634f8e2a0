"""Parquet files of hostile types and values."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.integration.hostile.file import DAY, LONG, MIDNIGHT, REASONS, Hostile


def _file(
    name: str,
    table: dict[str, pa.Array],
    accepted: list[Any],
    rejected: dict[int, str] | None = None,
    columns: str = "TransactionId",
) -> Hostile:
    """Return a Parquet file, its rows counted by pyarrow."""
    count = len(next(iter(table.values())))
    filled = {
        "CustomerId": pa.array(["C"] * count),
        "Amount": pa.array([1] * count),
        "TransactionStartTime": pa.array([DAY] * count),
        **table,
    }
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(filled), sink)
    content = sink.getvalue().to_pybytes()
    return Hostile(name, content, accepted, rejected or {}, count, columns)


def parquets() -> list[Hostile]:
    """Return the files."""
    when = datetime.datetime(2019, 1, 1, 3, 0, 0)
    nan = "amount_not_a_number"
    big = "amount_out_of_range"
    amount = "cast(Amount as varchar)"
    time = "cast(TransactionStartTime as varchar)"
    nanoseconds = int(when.replace(tzinfo=datetime.UTC).timestamp()) * 10**9

    def amounts(name: str, array: pa.Array, *found: str | None) -> Hostile:
        return _file(
            f"{name}.parquet",
            {"Amount": array},
            [value for value in found if value not in REASONS],
            {row: why for row, why in enumerate(found, 1) if why in REASONS and why},
            amount,
        )

    def times(name: str, array: pa.Array, *found: str) -> Hostile:
        return _file(
            f"{name}.parquet",
            {"TransactionStartTime": array},
            [value for value in found if value not in REASONS],
            {row: why for row, why in enumerate(found, 1) if why in REASONS},
            time,
        )

    return [
        amounts("boolean", pa.array([True, False]), nan, nan),
        amounts(
            "double",
            pa.array(
                [
                    0.1 + 0.2,
                    1.5,
                    -0.0,
                    1234567.89,
                    float("nan"),
                    float("inf"),
                    None,
                    1e20,
                    0.123456,
                ]
            ),
            *("0.3000", "1.5000", "0.0000", "1234567.8900", nan, nan, nan, big, big),
        ),
        amounts("float", pa.array([0.1, 1234.5], pa.float32()), "0.1000", "1234.5000"),
        amounts("integer", pa.array([5, None, 2**62]), "5.0000", nan, big),
        amounts(
            "decimal",
            pa.array([Decimal("1.250000"), Decimal("1.000001")], pa.decimal128(20, 6)),
            *("1.2500", big),
        ),
        amounts(
            "text",
            pa.array(["1e5", "1,000", None, "NaN"]),
            "100000.0000",
            nan,
            nan,
            nan,
        ),
        amounts("date_as_amount", pa.array([when.date()]), nan),
        times(
            "micro", pa.array([when, None]), "2019-01-01 03:00:00", "time_unreadable"
        ),
        times(
            "nano",
            pa.array([nanoseconds, nanoseconds + 999], pa.timestamp("ns")),
            *("2019-01-01 03:00:00", "2019-01-01 03:00:00"),
        ),
        times("seconds", pa.array([when], pa.timestamp("s")), "2019-01-01 03:00:00"),
        times(
            "zone",
            pa.array([when], pa.timestamp("us", tz="Africa/Kampala")),
            "2019-01-01 03:00:00",
        ),
        times("day", pa.array([when.date()]), MIDNIGHT),
        times("time_as_number", pa.array([1546300800]), "time_unreadable"),
        times(
            "far",
            pa.array([datetime.datetime(2099, 1, 1), datetime.datetime(1970, 1, 1)]),
            "time_implausible",
            "time_implausible",
        ),
        _file(
            "customers.parquet",
            {"CustomerId": pa.array(["", " ", None, "O'Brien", LONG])},
            ["O'Brien", LONG],
            dict.fromkeys((1, 2, 3), "customer_missing"),
            "CustomerId",
        ),
        _file(
            "number.parquet",
            {"CustomerId": pa.array([7, 12])},
            ["7", "12"],
            columns="CustomerId",
        ),
        _file(
            'odd "names", [1].parquet',
            {
                'a "b" {c}': pa.array([1]),
                "file_id": pa.array(["x"]),
                "record": pa.array([2]),
                "TransactionId": pa.array(["on1"]),
            },
            ["on1"],
        ),
        _file("no_rows.parquet", {"Amount": pa.array([], pa.int64())}, []),
    ]
