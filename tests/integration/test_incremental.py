"""A build computes what changed, and ends with the rows of a fresh one.

A new week, a late, changed or vanished file, other parameters or SQL, another end of
the data, a full refresh, and a build that is killed: whatever was there before, the
tables are those of one undisturbed build of the same inputs from nothing.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb
import pytest

from tests.conftest import Workspace
from tests.hard import share_of
from tests.integration.build_site import Inputs, Site

KILLS = share_of(20)
# The 91 days begin on 2018-11-15: twelve weeks, and one that comes later. Of ten
# snapshots the first four look back into the first days of December.
NEW_WEEK = "TransactionStartTime >= '2019-02-07'"
LATE = "TransactionStartTime like '2018-12-0%' and TransactionId like '%7'"
A = {"a.parquet": f"not ({NEW_WEEK}) and not ({LATE})"}
B = {"b.parquet": NEW_WEEK}
TWELVE_WEEKS = Inputs(A)
THIRTEEN_WEEKS = Inputs(A | B)
WITH_LATE = Inputs(A | B | {"late.parquet": LATE})
TWO_DAYS = {"b.parquet": f"{NEW_WEEK} and TransactionStartTime < '2019-02-09'"}


@dataclass(frozen=True)
class Change:
    """What a build finds, and what the two per-snapshot models have to compute.

    Attributes
    ----------
    before, after
        Inputs of the build before, and of this one.
    features, outcomes
        What `int_customer_features__computed` and `int_outcome_windows__aggregated`
        say.
    flags
        Further arguments of dbt.
    """

    before: Inputs
    after: Inputs
    features: str
    outcomes: str
    flags: tuple[str, ...] = ()


CHANGES = {
    "new week": Change(TWELVE_WEEKS, THIRTEEN_WEEKS, "1 new", "1 new"),
    "late file": Change(THIRTEEN_WEEKS, WITH_LATE, "4 transactions", "4 transactions"),
    "vanished file": Change(
        WITH_LATE, THIRTEEN_WEEKS, "4 transactions", "4 transactions"
    ),
    # Of the last week only the last windows know.
    "changed file": Change(
        THIRTEEN_WEEKS,
        Inputs(A | {"b.parquet": f"{NEW_WEEK} and TransactionId not like '%7'"}),
        "1 transactions",
        "1 transactions",
    ),
    "changed parameter": Change(
        THIRTEEN_WEEKS,
        replace(THIRTEEN_WEEKS, variables={"night_start_hour": 23}),
        "10 parameters",
        "6 parameters",
    ),
    # A view that the outcomes read only by way of the features.
    "changed SQL": Change(
        THIRTEEN_WEEKS,
        replace(
            THIRTEEN_WEEKS,
            edits={
                "int_observations__aggregated.sql": (
                    "group by customer_id, customer_part, snapshot_date",
                    "group by customer_id, customer_part, snapshot_date "
                    "having count(*) > 1",
                )
            },
        ),
        "10 SQL",
        "6 SQL",
    ),
    "full refresh": Change(
        THIRTEEN_WEEKS, THIRTEEN_WEEKS, "10 new", "6 new", ("--full-refresh",)
    ),
    "other end of the data": Change(
        TWELVE_WEEKS,
        Inputs(A | TWO_DAYS),
        "9 gone, 9 new (the newest moved from 2019-02-07 to 2019-02-09 "
        "with the end of data)",
        "5 gone, 5 new (the newest moved from 2019-01-10 to 2019-01-12 "
        "with the end of data)",
    ),
}


@pytest.fixture(scope="module")
def site(make_workspace: Callable[[str], Workspace]) -> Site:
    outside = make_workspace("incremental_store")
    file = outside.data_dir / "transactions.parquet"
    size = ("--customers", "400", "--days", "91", "--out", str(file))
    outside.python("-m", "simulator", *size)
    return Site(make_workspace("site"), outside.data_dir, file)


# The others go other ways through the same macro.
MINUTES = ("changed file", "full refresh")
NAMES = [
    pytest.param(name, marks=pytest.mark.hard) if name in MINUTES else name
    for name in CHANGES
]


@pytest.mark.parametrize("name", NAMES)
def test_what_changed_is_computed_and_the_rows_are_those_of_a_fresh_build(
    site: Site, name: str
) -> None:
    change = CHANGES[name]
    fresh = site.fresh(change.after)

    site.prepare(change.before, change.after)
    built = site.build(change.after, *change.flags)

    assert built.computed == {
        "int_customer_features__computed": change.features,
        "int_outcome_windows__aggregated": change.outcomes,
    }
    assert built.contents == fresh.contents
    if change.before != change.after:
        assert built.contents != site.fresh(change.before).contents


def test_a_table_of_other_types_is_built_anew(site: Site) -> None:
    """Else what the SQL now computes would be cast to what it was."""
    expected = site.fresh(THIRTEEN_WEEKS).contents
    site.prepare(THIRTEEN_WEEKS, THIRTEEN_WEEKS)
    with duckdb.connect(str(site.warehouse)) as connection:
        connection.execute(
            "alter table intermediate.int_customer_features__computed "
            "alter avg_value type bigint"
        )

    assert site.build(THIRTEEN_WEEKS).contents == expected


def test_a_snapshot_in_parts_has_the_rows_of_one_at_once(site: Site) -> None:
    log = site.workspace.data_dir / "logs" / "dbt.log"
    condition = "customer_part >= 14 and customer_part < 16"
    at_once = site.fresh(THIRTEEN_WEEKS)
    assert condition not in log.read_text(encoding="utf-8")

    # Some 2,500 of 10,000 transactions are in a window of 28 days.
    in_parts = replace(THIRTEEN_WEEKS, variables={"transactions_at_once": 350})
    assert site.fresh(in_parts) == at_once
    assert condition in log.read_text(encoding="utf-8")


@pytest.mark.hard
def test_a_killed_build_is_made_good_by_the_next(site: Site) -> None:
    expected = site.fresh(WITH_LATE).contents
    # dbt reads the project once; the build is then as long as those to be killed.
    assert site.start("parse").wait() == 0
    site.prepare(TWELVE_WEEKS, WITH_LATE)
    started = time.monotonic()
    assert site.start().wait() == 0
    duration = time.monotonic() - started
    assert site.contents() == expected

    moments = random.Random(20)  # noqa: S311
    killed = 0
    while killed < KILLS:
        site.prepare(TWELVE_WEEKS, WITH_LATE)
        running = site.start()
        try:
            # The first third is dbt's own start.
            running.wait(timeout=duration * moments.uniform(0.3, 1))
            duration *= 0.8  # It was over before it could be killed.
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            killed += 1
        assert site.build(WITH_LATE).contents == expected, f"kill {killed}"
