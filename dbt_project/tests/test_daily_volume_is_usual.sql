-- A day with hardly any transactions is mostly a file that has not come or came
-- in part; one with many times the usual, a file that came twice under new ids.
{{ config(severity='warn') }}

with days as (
    select * from {{ ref('int_days__fingerprinted') }}
),

period as (
    select
        data_start,
        {{ add_days('data_end', -1) }} as last_date
    from {{ ref('int_data_period__measured') }}
),

calendar as (
    {{ every_day('period', 'data_start', 'last_date', output='transacted_on') | indent(4) }}
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
        median(transaction_count) over days_before as usual_count,
        count(*) over days_before as day_count
    from counted
    window days_before as (
        order by transacted_on
        rows between {{ var('observation_days') }} preceding and 1 preceding
    )
)

select
    transacted_on,
    transaction_count,
    usual_count
from usual
where
    day_count = {{ var('observation_days') }}
    and (
        transaction_count < usual_count * {{ var('volume_warn_low_share') }}
        or transaction_count > usual_count * {{ var('volume_warn_high_share') }}
    )
