with snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

dim_snapshots as (
    select
        snapshot_date,
        split,
        observation_start,
        outcome_end
    from snapshots
)

select * from dim_snapshots
