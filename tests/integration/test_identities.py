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
# What is broken in the card would be found in the scores too: it has its own round.
CARD = {
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
}
ROWS = {
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
    "test_amounts_reconcile_from_landing_to_marts": (
        """create or replace view marts.fct_transactions as
        select * replace (amount + 0.0001 as amount)
        from intermediate.int_transactions__cleaned""",
    ),
    "test_accepted_and_rejected_are_all_input_rows": (
        "update raw.files set input_rows = input_rows + 1",
    ),
    "in_range_fct_customer_features_0__recency_days___var_observation_days_": (
        """update intermediate.int_customer_features__computed set recency_days = 0
        where of_nth(customer_id, snapshot_date, 6)""",
    ),
    "in_range_fct_customer_features_credit_share__1__0": (
        """update intermediate.int_customer_features__computed set credit_share = 1.5
        where of_nth(customer_id, snapshot_date, 7)""",
    ),
    "unique_combination_fct_customer_features_customer_id__snapshot_date": (
        """insert into intermediate.int_customer_features__computed
        select * from intermediate.int_customer_features__computed
        where of_nth(customer_id, snapshot_date, 8)""",
    ),
    "test_rfm_are_those_of_the_features": (
        """delete from marts.fct_customer_rfm
        where of_nth(customer_id, snapshot_date, 9)""",
    ),
    "test_training_examples_are_all_labels": (
        """delete from marts.fct_training_examples
        where of_nth(customer_id, snapshot_date, 10)""",
    ),
    "test_a_customer_has_one_fold": (
        """update marts.fct_training_examples set customer_fold = 4 - customer_fold
        where snapshot_date = date '2018-12-20' and customer_id = (
            select max(customer_id) from marts.fct_training_examples
            where snapshot_date = date '2018-12-20' and customer_fold != 2
            and customer_id in (
                select customer_id from marts.fct_training_examples
                where snapshot_date = date '2019-01-17'
            )
        )""",
    ),
    "test_windows_do_not_overlap": (
        """update marts.dim_snapshots set observation_start = snapshot_date
        where split = 'score'""",
    ),
    "test_train_outcomes_end_before_test_features_begin": (
        """update marts.dim_snapshots set split = 'train'
        where snapshot_date = date '2019-01-10'""",
    ),
    "test_who_is_not_scored_has_no_recent_transactions": (
        """insert into marts.fct_customer_scores by name
        select * replace ('not_scored' as status)
        from marts.fct_customer_scores
        where status = 'scored'
        order by customer_id
        limit 1""",
    ),
    "test_scores_agree_with_the_points_table": (
        """update intermediate.int_customers__scored set score = score + 1e-6
        where customer_id = (
            select max(customer_id) from intermediate.int_customers__scored
        )""",
    ),
}
BROKEN = CARD | ROWS
FOUND = {name: len(statements) for name, statements in BROKEN.items()}
# A broken outcome has no label that fits it either.
FOUND["test_every_eligible_customer_has_one_label"] += FOUND[
    "test_outcomes_reconcile_with_transactions"
]
# A customer's broken features are not those of its segment (count and net amount are
# not in it, nor is a share) or example (nobody is in none), nor its label and fold.
FOUND["test_rfm_are_those_of_the_features"] += 4
FOUND["test_training_examples_are_all_labels"] += 7
FOUND["test_scores_agree_with_the_points_table"] += FOUND[
    "not_null_int_customers__scored_score"
]
WARNINGS = {"test_daily_volume_is_usual", "test_data_are_fresh"}


@pytest.fixture(scope="module")
def found(
    simulated: Workspace, make_workspace: Callable[[str], Workspace]
) -> dict[str, tuple[str, int]]:
    """Outcome and number of rows of each test, on the broken warehouses."""
    return {
        **found_in(simulated, make_workspace("card"), CARD),
        **found_in(simulated, make_workspace("rows"), ROWS),
    }


def found_in(
    whole: Workspace, workspace: Workspace, broken: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, int]]:
    """Break a copy of a warehouse and run the tests that should notice."""
    warehouse = workspace.data_dir / "warehouse.duckdb"
    shutil.copytree(whole.data_dir, workspace.data_dir, dirs_exist_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(PICKED)
        for statements in broken.values():
            for statement in statements:
                connection.execute(statement)
    workspace.dbt("test", "--select", *broken, check=False)
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
