"""Any files: a row has the values that another reader finds, or says why not."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.landing_oracle import Accepted, read_row
from tests.unit.landing.generated import File, csv_files, parquet_files
from tests.unit.landing.macros import Landing

Place = tuple[str, int]


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Landing:
    data_dir = tmp_path_factory.mktemp("any files")
    (data_dir / "raw").mkdir()
    return Landing(data_dir)


def expected(files: dict[str, File]) -> dict[Place, Accepted | str]:
    """Return what becomes of each row, of those that share an id the first kept."""
    now = datetime.datetime.now(tz=datetime.UTC).replace(tzinfo=None)
    found: dict[Place, Accepted | str] = {
        (name, number): "malformed_line" if row is None else read_row(row, now)
        for name, file in files.items()
        for number, row in enumerate(file.rows, 1)
    }
    seen = set()
    in_time = sorted(
        (row.transacted_at, place, row)
        for place, row in found.items()
        if isinstance(row, Accepted)
    )
    for _, place, row in in_time:
        transaction_id = row.transaction_id or f"{place[0]}#{place[1]}"
        if transaction_id in seen:
            found[place] = "duplicate_transaction_id"
        seen.add(transaction_id)
    return found


def landed(landing: Landing) -> dict[Place, Accepted | str]:
    """Return what became of each row; one that is in both tables is there twice."""
    accepted = landing.query(
        """
        select
            source_file, source_row,
            nullif(TransactionId, source_file || '#' || source_row),
            CustomerId, Amount, Value, FraudResult, TransactionStartTime
        from raw.transactions
        """
    )
    rejected = landing.query(
        "select source_file, source_row, rejection_reason from raw.rejected_rows"
    )
    found = {
        **{(row[0], row[1]): Accepted(*row[2:]) for row in accepted},
        **{(row[0], row[1]): row[2] for row in rejected},
    }
    assert len(found) == len(accepted) + len(rejected)
    return found


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    # The message names the one row; shrinking all files would take minutes.
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.large_base_example,
        HealthCheck.data_too_large,
    ],
)
@given(files=st.lists(csv_files() | parquet_files(), min_size=20, max_size=20))
def test_accepted_and_rejected_are_the_rows_of_the_files(
    landing: Landing, files: list[File]
) -> None:
    folder = landing.data_dir / "raw"
    for path in folder.iterdir():
        path.unlink()
    named = {f"{number:03}{file.ending}": file for number, file in enumerate(files)}
    for name, file in named.items():
        (folder / name).write_bytes(file.content)

    landing.run()

    found, wanted = landed(landing), expected(named)
    for place, row in wanted.items():
        source = named[place[0]].rows[place[1] - 1]
        assert found.pop(place) == row, (place, source)
    assert not found
    counted = landing.query("select source_file, input_rows from raw.files")
    assert dict(counted) == {name: len(file.rows) for name, file in named.items()}
