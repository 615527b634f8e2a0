with outcomes as (
    select
        customer_id,
        snapshot_date,
        split,
        customer_fold
    from {{ ref('int_outcomes__aggregated') }}
),

spend as (
    select * from {{ ref('int_customer_features__computed') }}
),

observations as (
    select
        outcomes.customer_id,
        outcomes.snapshot_date,
        outcomes.split,
        outcomes.customer_fold,
        spend.recency_days,
        spend.transaction_count,
        spend.total_value
    from outcomes
    inner join spend
        on
            outcomes.customer_id = spend.customer_id
            and outcomes.snapshot_date = spend.snapshot_date
),

{{ scaled_engagement(
    rows='observations', output='int_observation_engagement__scaled'
) }}

select * from int_observation_engagement__scaled
