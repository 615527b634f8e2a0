"""No feature knows the future, and no label knows what is not in its window.

All transactions outside a snapshot's windows are deleted, every model is rebuilt from
what is left, and its rows of that snapshot must not change by a bit. Transactions lie
exactly on the borders, so that `<=` for `<` is noticed; the planted errors prove it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable

import duckdb
import pytest

from tests.conftest import Workspace
from tests.integration.point_in_time import Compiled

OF_THE_OBSERVATION = {
    "int_transactions__observed",
    "int_observations__aggregated",
    "int_main_categories__ranked",
    "int_customer_features__computed",
    "fct_customer_features",
    "fct_customer_rfm",
}
OF_BOTH_WINDOWS = {
    "int_outcome_windows__aggregated",
    "int_outcomes__aggregated",
    "int_outcome_engagement__scaled",
    "int_observation_engagement__joined",
    "int_observation_engagement__scaled",
    "int_outcome_clusters__assigned",
    "int_observation_clusters__assigned",
    "fct_customer_labels",
    "fct_training_examples",
    "int_label_points__joined",
    "int_label_events__marked",
}
# What a scorecard makes of the features above, for the last snapshot, and for the
# test snapshot, there beside the labels above. No transaction is cut under them: they
# read none.
SCORES = {
    "int_test_customers__scored",
    "fct_score_outcomes",
    "int_customer_points__looked_up",
    "int_customer_losses__summed",
    "int_customer_reasons__ranked",
    "int_customers__scored",
    "fct_customer_scores",
}
TRANSACTIONS = {
    "stg_raw__transactions",
    "int_transactions__cleaned",
    "int_transactions__observed",
    "fct_transactions",
}
TIME = '"TransactionStartTime"'


@pytest.fixture(scope="module")
def compiled(
    simulated: Workspace, make_workspace: Callable[[str], Workspace]
) -> Compiled:
    """The simulated run, with transactions and defaults on every border."""
    workspace = make_workspace("borders")
    shutil.copytree(simulated.data_dir / "target", workspace.data_dir / "target")
    warehouse = workspace.data_dir / "warehouse.duckdb"
    shutil.copy(simulated.data_dir / "warehouse.duckdb", warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("""
            create temporary table borders as
            select distinct cast(border as timestamp) as border
            from intermediate.int_snapshots__dated,
                unnest([observation_start, snapshot_date, outcome_end]) as b(border);
            insert into raw.transactions by name
            select customers.* replace (
                concat(CustomerId, ' at ', border) as TransactionId,
                border as TransactionStartTime,
                cast(123.45 as decimal(18, 4)) as Amount
            )
            from (
                select * from raw.transactions
                where hash(TransactionId) % 97 = 0
            ) as customers, borders;
            insert into raw.outcomes by name
            select
                CustomerId,
                border as DefaultedAt,
                'borders.csv' as source_file,
                row_number() over () as source_row
            from (select distinct CustomerId from raw.transactions), borders
            where hash(CustomerId, border) % 31 = 0
        """)
    return Compiled.read(workspace)


@pytest.fixture(scope="module")
def snapshots(simulated: Workspace) -> dict[str, dict[str, str]]:
    """First and last day of each snapshot's windows, as ISO dates."""
    frame = simulated.query("select * from marts.dim_snapshots order by snapshot_date")
    return {
        f"{row.snapshot_date:%Y-%m-%d}": {
            "split": row.split,
            "start": f"{row.observation_start:%Y-%m-%d}",
            "end": f"{row.outcome_end:%Y-%m-%d}",
        }
        for row in frame.itertuples()
    }


def differing(
    compiled: Compiled,
    wanted: set[str],
    snapshot: str,
    *,
    start: str,
    end: str,
    changes: dict[str, tuple[str, str]] | None = None,
) -> set[str]:
    """Return the models whose rows change when all outside the windows is gone."""
    full = compiled.rows(wanted, snapshot, keep="true", changes=changes)
    assert [name for name, rows in full.items() if not rows] == []
    cut = compiled.rows(
        wanted,
        snapshot,
        keep=f"{TIME} >= '{start}' and {TIME} < '{end}'",
        keep_outcomes=f"DefaultedAt >= '{start}' and DefaultedAt < '{end}'",
        changes=changes,
    )
    return {name for name in wanted if full[name] != cut[name]}


def test_every_model_of_a_snapshot_is_listed(compiled: Compiled) -> None:
    assert compiled.keyed() == OF_THE_OBSERVATION | OF_BOTH_WINDOWS | SCORES


def test_scores_read_no_transactions(compiled: Compiled) -> None:
    """Else they would have to be rebuilt below, as features and labels are."""
    readers = {
        compiled.nodes[reader]["name"]
        for reader in compiled.sql
        for parent in compiled.nodes[reader]["depends_on"]["nodes"]
        if parent in compiled.nodes and compiled.nodes[parent]["name"] in TRANSACTIONS
    }
    assert readers > {"int_observations__aggregated", "int_outcome_windows__aggregated"}
    # Who is known, not what they did: each is scored from features, or not scored.
    assert readers & SCORES == {"fct_customer_scores"}


def test_features_know_the_observation_window_only(
    compiled: Compiled, snapshots: dict[str, dict[str, str]]
) -> None:
    assert len(snapshots) >= 8
    for snapshot, window in snapshots.items():
        changed = differing(
            compiled,
            OF_THE_OBSERVATION,
            snapshot,
            start=window["start"],
            end=snapshot,
        )
        assert changed == set(), snapshot


def test_labels_know_their_two_windows_only(
    compiled: Compiled, snapshots: dict[str, dict[str, str]]
) -> None:
    closed = {s: w for s, w in snapshots.items() if w["split"] not in ("open", "score")}
    assert {window["split"] for window in closed.values()} >= {"train", "test"}
    for snapshot, window in closed.items():
        changed = differing(
            compiled,
            OF_BOTH_WINDOWS,
            snapshot,
            start=window["start"],
            end=window["end"],
        )
        assert changed == set(), snapshot


@pytest.mark.parametrize(
    ("model", "honest", "leaky"),
    [
        (
            "int_transactions__observed",
            "transactions.transacted_at < snapshots.snapshot_date",
            "transactions.transacted_at <= snapshots.snapshot_date",
        ),
        (
            "int_transactions__observed",
            "transacted_at >= snapshots.observation_start",
            "transacted_at >= snapshots.observation_start - interval 1 day",
        ),
        (
            "int_outcome_windows__aggregated",
            "transactions.transacted_at < snapshots.outcome_end",
            "transactions.transacted_at <= snapshots.outcome_end",
        ),
        (
            "fct_customer_labels",
            "observed.defaulted_at < snapshots.outcome_end",
            "observed.defaulted_at <= snapshots.outcome_end",
        ),
    ],
)
def test_a_planted_leak_is_found(
    compiled: Compiled,
    snapshots: dict[str, dict[str, str]],
    model: str,
    honest: str,
    leaky: str,
) -> None:
    snapshot, window = next(
        (s, w) for s, w in snapshots.items() if w["split"] == "test"
    )
    of_labels = model in OF_BOTH_WINDOWS
    changed = differing(
        compiled,
        OF_BOTH_WINDOWS if of_labels else OF_THE_OBSERVATION,
        snapshot,
        start=window["start"],
        end=window["end"] if of_labels else snapshot,
        changes={model: (honest, leaky)},
    )
    assert model in changed
