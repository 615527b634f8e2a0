"""Row counts of the rebuilt Xente file, pinned."""

from __future__ import annotations

from tests.conftest import Workspace


def test_rows_and_splits(rebuilt: Workspace) -> None:
    counts = rebuilt.query(
        "select (select count(*) from raw.transactions) as accepted, "
        "(select count(*) from raw.rejected_rows) as rejected, "
        "(select count(distinct customer_id) from marts.fct_transactions) as customers"
    ).iloc[0]
    assert list(counts) == [95_662, 0, 3_742]

    snapshots = rebuilt.query(
        "select cast(snapshot_date as varchar) as day, split, count(*) as eligible "
        "from marts.fct_customer_features group by all order by day"
    )
    by_split = {
        split: list(zip(rows.day, rows.eligible, strict=True))
        for split, rows in snapshots.groupby("split")
    }
    assert by_split["train"] == [("2018-12-13", 1_367), ("2018-12-20", 1_472)]
    assert by_split["test"] == [("2019-01-17", 1_948)]
    assert by_split["score"] == [("2019-02-14", 1_990)]
    assert len(by_split["embargo"]) == len(by_split["open"]) == 3


def test_label_is_close_to_inactivity(rebuilt: Workspace) -> None:
    """The figure that the design quotes; it names the target in every output."""
    audit = rebuilt.query(
        "select agreement_with_inactivity as agreement from marts.fct_label_audit "
        "where split = 'test'"
    )
    assert audit.agreement[0] > 0.95
