{{ config(materialized='view') }}

with outcomes as (
    select * from {{ ref('int_outcome_windows__aggregated') }}
),

snapshots as (
    select
        snapshot_date,
        split
    from {{ ref('int_snapshots__dated') }}
),

int_outcomes__aggregated as (
    select
        outcomes.customer_id,
        outcomes.snapshot_date,
        snapshots.split,
        outcomes.customer_fold,
        outcomes.recency_days,
        outcomes.transaction_count,
        outcomes.total_value
    from outcomes
    inner join snapshots
        on outcomes.snapshot_date = snapshots.snapshot_date
)

select * from int_outcomes__aggregated
