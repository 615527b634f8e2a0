{{ config(materialized='view') }}

with outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

features as (
    select * from {{ ref('int_customer_features__computed') }}
),

int_observation_engagement__joined as (
    select
        outcomes.customer_id,
        outcomes.snapshot_date,
        outcomes.split,
        outcomes.customer_fold,
        features.recency_days,
        features.transaction_count,
        features.total_value
    from outcomes
    inner join features
        on
            outcomes.customer_id = features.customer_id
            and outcomes.snapshot_date = features.snapshot_date
)

select * from int_observation_engagement__joined
