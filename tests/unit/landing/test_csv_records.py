"""Any CSV text: its records are those that a loop over its characters finds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.csv_oracle import read_records
from tests.unit.landing.macros import Landing

HEADER = b"CustomerId,Amount,TransactionStartTime"
REST = b",1,2019-01-01"
FILES = 60

text = st.text(alphabet='ab ",é\n\r', max_size=6)
soup = st.lists(
    st.sampled_from(
        ["a", " ", '"', '""', ",", '","', '" ,"', "\n", '\n"', '"\n', ",,"]
    ),
    max_size=12,
).map(lambda tokens: "".join(tokens).encode())
quoted = text.map(lambda value: '"' + value.replace('"', '""') + '"')
record = st.one_of(
    soup,
    soup.map(lambda value: value + REST),
    quoted.map(lambda value: value.encode() + REST),
    text.map(lambda value: value.encode() + REST),
    st.lists(st.one_of(text, quoted), max_size=5).map(
        lambda values: ",".join(values).encode()
    ),
    st.binary(max_size=5).map(lambda value: value.replace(b"\0", b"") + REST),
    st.sampled_from([b"", b" ", b'"', b'x,"', HEADER, b"\xff", b'a"b' + REST]),
)
content = st.tuples(
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n"]),
    st.lists(record, max_size=12),
    st.booleans(),
).map(
    lambda drawn: (
        drawn[0]
        + drawn[1].join([HEADER, *drawn[2]])
        + (drawn[1] if drawn[3] or not drawn[2] else b"")
    )
)


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    data_dir = tmp_path_factory.mktemp("any csv")
    (data_dir / "raw").mkdir()
    return Landing(data_dir)


def landed(landing: Landing) -> dict[str, list[tuple[str, ...] | None]]:
    """Return each file's records as they were staged."""
    found: dict[str, list[tuple[str, ...] | None]] = {}
    for name, fields in landing.query(
        """
        select
            files.source_file,
            case when records.fault is null then records.fields end as fields
        from all_records as records
        inner join landing_files as files on records.file_id = files.file_id
        order by files.file_id, records.source_row
        """
    ):
        found.setdefault(name, []).append(None if fields is None else tuple(fields))
    return found


@settings(
    max_examples=25,
    deadline=None,
    # The message names the one file; shrinking all of them would take minutes.
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(contents=st.lists(content, min_size=FILES, max_size=FILES))
def test_every_record_is_found_once(landing: Landing, contents: list[bytes]) -> None:
    folder = landing.data_dir / "raw"
    files = []
    for number, bytes_of_file in enumerate(contents):
        path: Path = folder / f"{number:03}.csv"
        path.write_bytes(bytes_of_file)
        size = path.stat().st_size
        files.append({"name": path.name, "path": str(path), "size": size})
    names = ["CustomerId", "Amount", "TransactionStartTime"]
    (layout,) = landing.macros["csv_layouts"](files, names, names)
    landing.query(f"create or replace temp view all_records as {layout['records']}")

    found = landed(landing)

    for file, bytes_of_file in zip(files, contents, strict=True):
        assert found.get(str(file["name"]), []) == read_records(bytes_of_file), (
            bytes_of_file
        )
