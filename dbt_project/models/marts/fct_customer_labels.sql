with outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

outcome_clusters as (
    select * from {{ ref('int_outcome_clusters__assigned') }}
),

observation_clusters as (
    select * from {{ ref('int_observation_clusters__assigned') }}
),

defaults as (
    select distinct
        snapshots.snapshot_date,
        observed.customer_id
    from {{ ref('stg_raw__outcomes') }} as observed
    inner join snapshots
        on
            observed.defaulted_at >= snapshots.snapshot_date
            and observed.defaulted_at < snapshots.outcome_end
),

fct_customer_labels as (
    select
        outcomes.customer_id,
        outcomes.snapshot_date,
        outcomes.split,
        outcomes.customer_fold,
        '{{ parameters_hash() }}' as parameters_hash,
        outcomes.recency_days as outcome_recency_days,
        outcomes.transaction_count as outcome_transaction_count,
        outcomes.total_value as outcome_total_value,
        outcome_clusters.cluster as outcome_cluster,
        defaults.customer_id is not null as has_defaulted,
        {%- if var('label_source') == 'observed' %}
        defaults.customer_id is not null as is_high_risk,
        {%- else %}
        outcome_clusters.cluster = 0 as is_high_risk,
        {%- endif %}
        observation_clusters.cluster = 0 as is_high_risk_same_window
    from outcomes
    inner join outcome_clusters
        on
            outcomes.customer_id = outcome_clusters.customer_id
            and outcomes.snapshot_date = outcome_clusters.snapshot_date
    inner join observation_clusters
        on
            outcomes.customer_id = observation_clusters.customer_id
            and outcomes.snapshot_date = observation_clusters.snapshot_date
    left join defaults
        on
            outcomes.customer_id = defaults.customer_id
            and outcomes.snapshot_date = defaults.snapshot_date
)

select * from fct_customer_labels
