with transactions as (
    select transacted_at from {{ ref('int_transactions__cleaned') }}
),

period as (
    select
        cast(min(transacted_at) as date) as data_start,
        {{ add_days('cast(max(transacted_at) as date)', 1) }} as data_end
    from transactions
),

int_data_period__measured as (
    select
        data_start,
        data_end,
        {{ date_difference('data_start', 'data_end') }} as days_covered,
        {{ var('observation_days') }}
        + 2
        * {{ var('snapshot_interval_days') }}
        * cast(ceil({{ var('outcome_days') }} / {{ var('snapshot_interval_days') }}) as bigint)
            as days_needed
    from period
    where data_start is not null
)

select * from int_data_period__measured
