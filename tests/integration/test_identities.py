"""The dbt tests of identities can fail: rows broken by hand, and what each test finds.

The warehouse of a finished run is changed behind dbt's back, the tests run once, and
each must return as many rows as were broken.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import duckdb
import pytest

from tests.conftest import Workspace

# A snapshot of train, and its customers by number, so that each is broken once.
PICKED = """
    create temporary table picked as
    select customer_id, row_number() over (order by customer_id) as place
    from marts.fct_customer_labels
    where snapshot_date = date '2018-12-20';
    create temporary macro of_nth(customer, snapshot, n) as (
        snapshot = date '2018-12-20'
        and customer = (select customer_id from picked where place = n)
    )
"""
BROKEN = {
    "test_features_reconcile_with_transactions": (
        """update intermediate.int_customer_features__computed
        set total_value = total_value + 0.0001
        where of_nth(customer_id, snapshot_date, 1)""",
        """update intermediate.int_customer_features__computed
        set net_amount = net_amount + 0.0001
        where of_nth(customer_id, snapshot_date, 2)""",
        """delete from intermediate.int_customer_features__computed
        where of_nth(customer_id, snapshot_date, 3)""",
        """insert into intermediate.int_customer_features__computed
        select * replace ('nobody' as customer_id)
        from intermediate.int_customer_features__computed
        where of_nth(customer_id, snapshot_date, 4)""",
    ),
    "test_outcomes_reconcile_with_transactions": (
        """update intermediate.int_outcome_windows__aggregated
        set transaction_count = transaction_count + 1
        where of_nth(customer_id, snapshot_date, 1)""",
        """delete from intermediate.int_outcome_windows__aggregated
        where of_nth(customer_id, snapshot_date, 2)""",
        """insert into intermediate.int_outcome_windows__aggregated
        select * replace ('nobody' as customer_id)
        from intermediate.int_outcome_windows__aggregated
        where of_nth(customer_id, snapshot_date, 3)""",
    ),
    "test_every_eligible_customer_has_one_label": (
        """insert into marts.fct_customer_labels
        select * from marts.fct_customer_labels
        where of_nth(customer_id, snapshot_date, 4)""",
        """delete from marts.fct_customer_labels
        where of_nth(customer_id, snapshot_date, 5)""",
    ),
    "test_categories_have_one_bin": (
        """insert into model.scorecard_points
        select * replace (9 as bin_index)
        from model.scorecard_points
        where feature = 'main_channel' and bin_kind = 'other'""",
        """update model.scorecard_points
        set categories = ['ChannelId_2', 'ChannelId_3']
        where categories = ['ChannelId_2']""",
    ),
    "test_bins_partition_the_line": (
        """delete from model.scorecard_points
        where feature = 'total_value' and bin_kind = 'range' and upper is null""",
    ),
    "test_daily_volume_is_usual": (
        """delete from intermediate.int_days__fingerprinted
        where transacted_on = date '2019-01-20'""",
        """update intermediate.int_days__fingerprinted
        set transaction_count = 6 * transaction_count
        where transacted_on = date '2019-01-27'""",
    ),
    "test_data_are_fresh": ("update raw.files set data_kind = 'raw'",),
    "not_null_int_customers__scored_score": (
        """update intermediate.int_customers__scored set score = null
        where customer_id = (
            select min(customer_id) from intermediate.int_customers__scored
        )""",
    ),
}
# A broken outcome has no label that fits it either.
FOUND = {name: len(statements) for name, statements in BROKEN.items()}
FOUND["test_every_eligible_customer_has_one_label"] += FOUND[
    "test_outcomes_reconcile_with_transactions"
]
WARNINGS = {"test_daily_volume_is_usual", "test_data_are_fresh"}


@pytest.fixture(scope="module")
def found(
    simulated: Workspace, make_workspace: Callable[[str], Workspace]
) -> dict[str, tuple[str, int]]:
    """Outcome and number of rows of each test, on the broken warehouse."""
    workspace = make_workspace("identities")
    shutil.copytree(simulated.data_dir, workspace.data_dir, dirs_exist_ok=True)
    warehouse = workspace.data_dir / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(PICKED)
        for statements in BROKEN.values():
            for statement in statements:
                connection.execute(statement)
    workspace.dbt("test", "--select", *BROKEN, check=False)
    results = json.loads(
        (workspace.data_dir / "target" / "run_results.json").read_text()
    )["results"]
    return {
        result["unique_id"].split(".")[2]: (result["status"], result["failures"])
        for result in results
        if result["unique_id"].startswith("test.")
    }


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found(found: dict[str, tuple[str, int]], name: str) -> None:
    status = "warn" if name in WARNINGS else "fail"
    assert found[name] == (status, FOUND[name])
