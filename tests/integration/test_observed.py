"""With outcomes of its own a bank trains on defaults: they are named and shifted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from tests.conftest import ROOT, Workspace

CENTRAL_TENDENCY = 0.04
VARS = {"label_source": "observed", "central_tendency": CENTRAL_TENDENCY}
# Who buys little defaults more often: something to learn, on days of all windows.
DEFAULTS = """
    copy (
        with customers as (
            select CustomerId, count(*) as purchases
            from read_parquet('{transactions}')
            group by CustomerId
        ),

        drawn as (
            select
                CustomerId,
                purchases,
                hash(CustomerId) % 100 as draw,
                hash(CustomerId || 'day') % 63 as day
            from customers
        )

        select
            CustomerId,
            timestamp '2018-12-13' + to_days(cast(day as integer)) as DefaultedAt
        from drawn
        where draw < case when purchases <= 15 then 60 else 15 end
        order by CustomerId
    ) to '{outcomes}' (header, delimiter ',')
"""


@pytest.fixture(scope="module")
def observed(make_workspace: Callable[[str], Workspace]) -> Workspace:
    """Train and score on a bank's outcomes, with grades that are declined."""
    workspace = make_workspace("observed")
    project = workspace.data_dir / "project"
    shutil.copytree(ROOT / "dbt_project", project)
    scale = project / "seeds" / "rating_scale.csv"
    scale.write_text(scale.read_text().replace("G,0.08,refer", "G,0.08,decline"))
    place = {"DBT_PROJECT_DIR": str(project)}
    for folder in ("raw", "outcomes"):
        (workspace.data_dir / folder).mkdir()
    transactions = workspace.data_dir / "raw" / "transactions.parquet"
    workspace.python(
        *("-m", "simulator", "--customers", "700", "--out", str(transactions))
    )
    outcomes = workspace.data_dir / "outcomes" / "defaults.csv"
    with duckdb.connect() as connection:
        connection.execute(
            DEFAULTS.format(transactions=transactions, outcomes=outcomes)
        )
    models = (
        "--exclude",
        "tag:scoring",
        "resource_type:test",
        "resource_type:unit_test",
    )
    workspace.dbt("build", *models, variables=VARS, extra=place)
    workspace.python("-m", "training")
    workspace.dbt("build", "--select", "tag:scoring", variables=VARS, extra=place)
    workspace.python("-m", "training", "card")
    return workspace


@pytest.fixture(scope="module")
def card(observed: Workspace) -> dict[str, Any]:
    return json.loads((observed.data_dir / "reports" / "model_card.json").read_text())


def test_the_target_is_the_default_that_the_bank_supplied(observed: Workspace) -> None:
    (row,) = observed.query(
        "select"
        " (select distinct target_name from model.scorecard) as target,"
        " (select count(*) from marts.fct_training_examples) as rows_to_learn_from,"
        " (select count(*) from marts.fct_training_examples as examples"
        " inner join marts.dim_snapshots as snapshots using (snapshot_date)"
        " inner join raw.outcomes as outcomes"
        " on outcomes.CustomerId = examples.customer_id"
        " where is_high_risk != ("
        " outcomes.DefaultedAt >= snapshots.snapshot_date"
        " and outcomes.DefaultedAt < snapshots.outcome_end)) as mislabelled"
    ).itertuples()
    assert row.target == "observed default"
    assert row.rows_to_learn_from > 0
    assert row.mislabelled == 0


def test_probabilities_are_shifted_to_the_central_tendency(
    observed: Workspace,
) -> None:
    (row,) = observed.query(
        "select predicted from model.calibration_metrics where candidate = 'scorecard'"
        " and method = 'linear' and split = 'train_oof'"
    ).itertuples()
    assert row.predicted == pytest.approx(CENTRAL_TENDENCY, rel=1e-6)


def test_customers_of_the_worst_grade_are_declined(observed: Workspace) -> None:
    actions = observed.query(
        "select grade, action, count(*) as customers from marts.fct_customer_scores"
        " where status = 'scored' group by all"
    )
    declined = actions[actions.action == "decline"]
    assert set(declined.grade) == {"G"}
    assert declined.customers.sum() > 0


def test_the_card_speaks_of_defaults_and_not_of_a_proxy(card: dict[str, Any]) -> None:
    sections = card["sections"]
    text = json.dumps(card, ensure_ascii=False)
    assert "proxy" not in text
    assert "expected inactivity" not in text
    assert "approve, refer or decline" in sections["purpose"]["text"][0]
    assert sections["purpose"]["facts"]["label source"] == "observed"
    assert "whether and when a customer defaulted" in sections["data"]["text"][1]
    assert sections["label"]["text"][0].startswith(
        "High risk: defaulted in the outcome"
    )
    assert "is_proxy" not in text
    assert sections["calibration"]["facts"]["central tendency"] == CENTRAL_TENDENCY
    assert any("shifted to a central tendency of 4.0%" in t for t in card["warnings"])
    actions = {row["action"] for row in sections["decisions"]["tables"]["grades"]}
    assert actions == {"approve", "refer", "decline"}
