"""All the SQL of the proxy audit, each query named for what it answers."""

IS_SIMULATED = """
    select bool_and(data_kind = 'simulated') as simulated
    from raw.files
"""

LABEL_BY_SNAPSHOT = """
    select
        cast(snapshot_date as varchar) as snapshot_date,
        split,
        row_count,
        event_rate,
        inactive_rate,
        agreement_with_inactivity,
        same_window_event_rate
    from marts.fct_label_audit
    order by snapshot_date
"""

LABEL_CLUSTERS = """
    select
        cluster,
        recency_days,
        transaction_count,
        total_value,
        row_share,
        inactive_rate
    from marts.fct_label_clusters
    order by cluster
"""

# Share of rows that other choices, or other customers, would label otherwise.
LABEL_STABILITY = """
    select
        is_inactive_included,
        bootstrap > 0 as is_redrawn,
        cluster_count,
        count(*) as scenarios,
        max(row_count) as row_count,
        min(flip_rate) as lowest_flip_rate,
        max(flip_rate) as highest_flip_rate
    from marts.fct_label_stability
    where bootstrap > 0 or cluster_count != 3
    group by is_inactive_included, bootstrap > 0, cluster_count
    order by is_inactive_included desc, is_redrawn desc, cluster_count
"""

LABEL_AGAINST_OUTCOMES = """
    select
        outcome,
        high_risk_count,
        low_risk_count,
        high_risk_event_count,
        low_risk_event_count,
        high_risk_event_rate,
        low_risk_event_rate,
        odds_ratio,
        auc
    from marts.fct_label_comparisons
    where split = 'test'
    order by outcome
"""

SCORES = """
    select
        customer_id,
        cast(snapshot_date as varchar) as snapshot_date,
        model_version,
        score,
        is_high_risk,
        is_inactive,
        has_fraud,
        has_defaulted
    from marts.fct_score_outcomes
    order by customer_id
"""

# Known of simulated customers only, and of no use to anything but an audit.
LATENT = """
    select
        scores.customer_id,
        latent.Creditworthiness as creditworthiness
    from marts.fct_score_outcomes as scores
    left join read_csv(
        $path,
        header = true,
        columns = {'CustomerId': 'VARCHAR', 'Creditworthiness': 'DOUBLE'}
    ) as latent
        on scores.customer_id = latent.CustomerId
    order by scores.customer_id
"""
