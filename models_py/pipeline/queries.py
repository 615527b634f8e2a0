"""All the SQL of the summary, each query named for what it answers."""

from collections.abc import Mapping
from typing import Any

import duckdb

CHAMPION = """
    select
        model_version,
        promoted_at,
        "rule",
        approver
    from model.champion
"""

_TRAINING_RUN = """
    select
        training_fingerprint,
        model_version,
        trained_at,
        first_train_snapshot,
        last_train_snapshot,
        test_snapshot,
        best_column,
        auc_gain,
        auc_gain_lower,
        auc_gain_upper
    from model.training_runs
"""

TRAINING = f"""
    {_TRAINING_RUN}
    where training_fingerprint = $training_fingerprint
    order by trained_at desc, rowid desc
    limit 1
"""

# Several trainings can end in the same tables; the last one speaks for them.
CHAMPION_TRAINING = f"""
    {_TRAINING_RUN}
    where model_version = $model_version
    order by trained_at desc, rowid desc
    limit 1
"""

CANDIDATE_METRICS = """
    select
        candidate,
        candidate_kind,
        split,
        accuracy,
        "precision",
        recall,
        f1,
        roc_auc,
        roc_auc_lower,
        roc_auc_upper,
        pr_auc,
        ks,
        gini,
        brier,
        true_positives,
        false_positives,
        true_negatives,
        false_negatives,
        row_count,
        event_rate
    from model.candidate_metrics
    where training_fingerprint = $training_fingerprint
    order by rowid
"""

DATA_KINDS = """
    select distinct data_kind
    from raw.files
    order by data_kind
"""

ACCEPTED = """
    select
        count(*) as transactions,
        count(distinct CustomerId) as customers
    from raw.transactions
"""

REJECTED_BY_REASON = """
    select
        rejection_reason,
        count(*) as row_count
    from raw.rejected_rows
    group by rejection_reason
    order by row_count desc, rejection_reason
"""

SNAPSHOTS = """
    with eligible as (
        select
            snapshot_date,
            count(*) as customers
        from marts.fct_customer_features
        group by snapshot_date
    )

    select
        snapshots.snapshot_date,
        snapshots.split,
        coalesce(eligible.customers, 0) as customers
    from marts.dim_snapshots as snapshots
    left join eligible on snapshots.snapshot_date = eligible.snapshot_date
    order by snapshots.snapshot_date
"""

EXAMPLES_BY_SPLIT = """
    select
        split,
        count(*) as row_count,
        cast(count(*) filter (where is_high_risk) as double) / count(*) as event_rate
    from marts.fct_training_examples
    group by split
"""

AGREEMENT_WITH_INACTIVITY = """
    select max(agreement_with_inactivity) as agreement
    from marts.fct_label_audit
    where split = 'test'
"""

SCORED_BY_STATUS = """
    select
        status,
        count(*) as customers
    from marts.fct_customer_scores
    group by status
"""

NOT_SCORED_BY_REASON = """
    select
        not_scored_reason,
        count(*) as customers
    from marts.fct_customer_scores
    where status = 'not_scored'
    group by not_scored_reason
    order by customers desc, not_scored_reason
"""

CUSTOMERS_BY_GRADE = """
    with scored as (
        select
            grade,
            count(*) as customers
        from marts.fct_customer_scores
        where status = 'scored'
        group by grade
    )

    select
        scale.grade,
        scale.action,
        coalesce(scored.customers, 0) as customers
    from model.rating_scale as scale
    left join scored on scale.grade = scored.grade
    where scale.model_version = $model_version
    order by scale.position
"""

TARGET = """
    select
        target_name,
        label_source
    from model.scorecard
    where model_version = $model_version
"""


def rows(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> list[dict[str, Any]]:
    """Run a query; its rows by column name."""
    result = connection.execute(query, dict(parameters or {}))
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def counts(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    """Run a query of two columns, a name and a count."""
    return dict(tuple(row.values()) for row in rows(connection, query))
