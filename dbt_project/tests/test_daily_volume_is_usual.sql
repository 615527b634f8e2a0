-- A day with hardly any transactions is mostly a file that has not come or came
-- in part; one with many times the usual, a file that came twice under new ids.
{{ config(severity='warn') }}

with days as (
    select * from {{ ref('int_days__fingerprinted') }}
),

period as (
    select * from {{ ref('int_data_period__measured') }}
),

calendar as (
    select
        {{ add_days('data_start', 'day_number') }} as transacted_on
    from (
        select
            data_start,
            {{ integers_to('days_covered - 1') }} as day_number
        from period
    ) as numbered
),

counted as (
    select
        calendar.transacted_on,
        coalesce(days.transaction_count, 0) as transaction_count
    from calendar
    left join days on calendar.transacted_on = days.transacted_on
),

usual as (
    select
        *,
        median(transaction_count) over (
            order by transacted_on
            rows between {{ var('observation_days') }} preceding and 1 preceding
        ) as usual_count,
        count(*) over (
            order by transacted_on
            rows between {{ var('observation_days') }} preceding and 1 preceding
        ) as days_before
    from counted
)

select
    transacted_on,
    transaction_count,
    usual_count
from usual
where
    days_before = {{ var('observation_days') }}
    and (
        transaction_count < usual_count * {{ var('volume_warn_low_share') }}
        or transaction_count > usual_count * {{ var('volume_warn_high_share') }}
    )
