with snapshots as (
    select * from {{ ref('dim_snapshots') }}
),

features as (
    select * from {{ ref('fct_customer_features') }}
),

parameters as (
    select * from {{ ref('dim_parameters') }}
),

eligible as (
    select
        snapshot_date,
        count(*) as customer_count
    from features
    group by snapshot_date
),

snapshot_windows as (
    select
        snapshots.snapshot_date,
        snapshots.split,
        snapshots.observation_start,
        snapshots.outcome_end,
        parameters.data_end,
        coalesce(eligible.customer_count, 0) as customer_count
    from snapshots
    cross join parameters
    left join eligible on snapshots.snapshot_date = eligible.snapshot_date
)

select * from snapshot_windows
order by snapshot_date
