{{ config(materialized='view') }}

with scaled as (
    select * from {{ ref('int_outcome_engagement__scaled') }}
),

assigned as (
    select * from {{ ref('int_outcome_clusters__assigned') }}
),

outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

int_label_points__joined as (
    select
        scaled.customer_id,
        scaled.snapshot_date,
        scaled.recency,
        scaled.frequency,
        scaled.monetary,
        assigned.cluster = 0 as is_high_risk,
        outcomes.transaction_count = 0 as is_inactive,
        scaled.is_fitted_on
    from scaled
    inner join assigned
        on
            scaled.customer_id = assigned.customer_id
            and scaled.snapshot_date = assigned.snapshot_date
    inner join outcomes
        on
            scaled.customer_id = outcomes.customer_id
            and scaled.snapshot_date = outcomes.snapshot_date
)

select * from int_label_points__joined
