"""Whole files of hostile rows, and the rows that other readers find in them."""

from __future__ import annotations

import datetime
import gzip
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from tests.csv_oracle import read_records

Row = dict[str, object]
NEEDED = ["CustomerId", "Amount", "TransactionStartTime"]
OPTIONAL = ["TransactionId", "Value", "FraudResult"]
EXTRA = ["note", "Betrag, netto", "客户"]
AMOUNTS = [
    *("1e5", "1E-4", "1.23456e0", "-2.5e+1", "1e99", "1e999", "1,000.50", "1_000"),
    *("NaN", "inf", "-Infinity", "-0", "+5", " 7 ", ".5", "5.", ".", "", "--5", "0x10"),
    *("12345678901234567890", "-12345678901234567890.5", "99999999999999.9999"),
    *("100000000000000", "0.00001", "1.20000000", "007", "٣", "true", "5 UGX"),
]
DOUBLES = [0.1 + 0.2, -0.0, 1e5, 0.00001, 1e20, math.nan, math.inf, -math.inf, None]
DECIMALS = [*map(Decimal, ("1e14", "0.000001", "-1e20", "-0", "1")), None]
TIMES = [
    *("2019-01-01T02:00:00+03:00", "2019-01-01T22:00:00-0330", "2019-03-01 10:11Z"),
    *("2018-12-31T23:59:59.9999999", "2016-02-29", "2019-02-29", "2019-13-01"),
    *(
        "2019-01-01 24:00",
        "2019-01-01 24:00:01",
        "2019-01-01 23:59:60",
        "2019-01-01T10",
    ),
    "2019-01-01T10:00:00+15:00",
    *("2019-01-01T10:00:00+14:59", "01/02/2019", "1546300800", "", "now", "infinity"),
    *("2099-01-01", "1970-01-01", "1999-12-31T23:59:59", "2000-01-01T00:00+00:01"),
    " 2019-01-01 ",
]
IDS = [
    *("", " ", "\t", "\u00a0\u2003", "\u200b", " C ", "O'Brien", 'say "hi"', "😀"),
    *("a;drop table raw.files", "x" * 10_000, "a,b", "a\nb", "=1+1", "0012", "null"),
]
FLAGS = ["0", "1", " 1.0 ", "0.", "TRUE", "false", "yes", "2", "1e0", "", "NaN"]


def _mostly(good: st.SearchStrategy[Any], hostile: Sequence[Any]) -> Any:  # noqa: ANN401
    """Draw hostile values seldom, so that rows with one fault and none come too."""
    return st.integers(0, 4).flatmap(
        lambda drawn: good if drawn else st.sampled_from(hostile)
    )


names = st.integers(1, 9).map("C{}".format)
decimals = st.decimals(-(10**6), 10**6, places=4)
instants = st.datetimes(datetime.datetime(2001, 1, 1), datetime.datetime(2026, 1, 1))
texts = {
    "CustomerId": _mostly(names, IDS),
    "Amount": _mostly(decimals.map("{:f}".format), AMOUNTS),
    "TransactionStartTime": _mostly(instants.map(str), TIMES),
    # Few, so that many are in several files, with other content.
    "TransactionId": _mostly(st.integers(1, 2000).map("T{}".format), IDS),
    "Value": _mostly(decimals.map("{:f}".format), AMOUNTS),
    "FraudResult": _mostly(st.sampled_from(["0", "1"]), FLAGS),
}
# Columns of a Parquet file: type and values.
typed: dict[str, list[tuple[pa.DataType, Any]]] = {
    "CustomerId": [
        (pa.string(), _mostly(names, [*IDS, None])),
        (pa.int64(), st.none() | st.integers(-9, 9)),
    ],
    "Amount": [
        (pa.string(), _mostly(decimals.map("{:f}".format), [*AMOUNTS, None])),
        (pa.float64(), _mostly(decimals.map(float), DOUBLES)),
        (pa.decimal128(30, 6), _mostly(decimals, DECIMALS)),
        (pa.int64(), _mostly(st.integers(-9, 9), [10**14, -(2**63), 2**63 - 1, None])),
        (pa.bool_(), st.booleans()),
    ],
    "TransactionStartTime": [
        (pa.string(), _mostly(instants.map(str), [*TIMES, None])),
        (
            pa.timestamp("us"),
            _mostly(instants, [datetime.datetime(year, 1, 1) for year in (1970, 2099)]),
        ),
        (
            pa.timestamp("us", tz="Africa/Kampala"),
            instants.map(lambda instant: instant.replace(tzinfo=datetime.UTC)),
        ),
        (pa.date32(), st.none() | instants.map(datetime.datetime.date)),
    ],
    "TransactionId": [(pa.string(), _mostly(names.map("P{}".format), [*IDS, None]))],
    "Value": [(pa.float64(), st.none() | decimals.map(float))],
    "FraudResult": [
        (pa.int64(), st.none() | st.integers(-1, 2)),
        (pa.bool_(), st.booleans()),
        (pa.float64(), st.sampled_from([0.0, 1.0, 0.5, None])),
    ],
}


@dataclass(frozen=True)
class File:
    """A file and its rows.

    Attributes
    ----------
    ending
        Of its name.
    content
        Its bytes.
    rows
        Its rows by names of the contract, None for a record without such fields.
    """

    ending: str
    content: bytes
    rows: list[Row | None]


def _columns(draw: st.DrawFn) -> list[str]:
    """Draw which columns a file has, in any order."""
    chosen = draw(st.lists(st.sampled_from([*OPTIONAL, *EXTRA]), unique=True))
    return draw(st.permutations([*NEEDED, *chosen]))


def _cell(text: str, quoted: bool) -> str:
    if quoted or any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


@st.composite
def csv_files(draw: st.DrawFn) -> File:
    """Draw a CSV file."""
    columns = _columns(draw)
    case = draw(st.sampled_from([str, str.upper, str.lower, " {} ".format]))
    header = [case(column) for column in columns]
    lines = [",".join(_cell(name, quoted=False) for name in header)]
    for kind in draw(
        st.lists(st.sampled_from(["row"] * 9 + ["header", "long", "short", "blank"]))
    ):
        cells = [draw(texts.get(column, st.sampled_from(IDS))) for column in columns]
        if kind == "header":
            cells = header
        elif kind == "long":
            cells = [*cells, "more"]
        elif kind == "short":
            cells = cells[:-1]
        quoted = draw(st.booleans())
        line = ",".join(_cell(cell, quoted) for cell in cells)
        lines.append("" if kind == "blank" else line)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    start = draw(st.sampled_from(["", "\ufeff"]))
    content = (start + end.join(lines) + draw(st.sampled_from(["", end]))).encode()
    rows: list[Row | None] = [
        None if record is None else dict(zip(columns, record, strict=True))
        for record in read_records(content)
    ]
    if draw(st.booleans()):
        return File(".csv.gz", gzip.compress(content), rows)
    return File(".csv", content, rows)


@st.composite
def parquet_files(draw: st.DrawFn) -> File:
    """Draw a Parquet file."""
    columns = _columns(draw)
    case = draw(st.sampled_from([str, str.upper, str.lower]))
    count = draw(st.integers(0, 12))
    arrays = {}
    drawn: dict[str, list[object]] = {}
    for column in columns:
        choices = typed.get(column, [(pa.string(), st.sampled_from(IDS))])
        type_, value = draw(st.sampled_from(choices))
        drawn[column] = draw(st.lists(value, min_size=count, max_size=count))
        arrays[case(column)] = pa.array(drawn[column], type=type_)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(arrays), sink)
    rows: list[Row | None] = [
        {column: drawn[column][place] for column in columns} for place in range(count)
    ]
    return File(".parquet", sink.getvalue().to_pybytes(), rows)
