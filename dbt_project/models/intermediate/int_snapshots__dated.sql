with period as (
    select * from {{ ref('int_data_period__measured') }}
),

steps as (
    select
        data_start,
        data_end,
        {{ integers_to(
            'cast(floor((days_covered - ' ~ var('observation_days') ~ ') / '
            ~ var('snapshot_interval_days') ~ ') as integer)'
        ) }} as step
    from period
    where days_covered >= {{ var('observation_days') }}
),

snapshots as (
    select
        data_end,
        {{ add_days('data_end', '-step * ' ~ var('snapshot_interval_days')) }} as snapshot_date
    from steps
),

windowed as (
    select
        data_end,
        snapshot_date,
        {{ add_days('snapshot_date', '-' ~ var('observation_days')) }} as observation_start,
        {{ add_days('snapshot_date', var('outcome_days')) }} as outcome_end
    from snapshots
),

closed as (
    select max(snapshot_date) as test_date
    from windowed
    where outcome_end <= data_end
),

int_snapshots__dated as (
    select
        windowed.snapshot_date,
        windowed.observation_start,
        windowed.outcome_end,
        case
            when windowed.snapshot_date = windowed.data_end then 'score'
            when windowed.outcome_end > windowed.data_end then 'open'
            when windowed.snapshot_date = closed.test_date then 'test'
            when windowed.outcome_end <= closed.test_date then 'train'
            else 'embargo'
        end as split
    from windowed
    cross join closed
)

select * from int_snapshots__dated
