with transactions as (
    select * from {{ ref('fct_transactions') }}
),

period as (
    select
        min(local_date) as first_date,
        max(local_date) as last_date
    from transactions
),

days as (
    {{ every_day('period', 'first_date', 'last_date', output='local_date') | indent(4) }}
),

weekdays as (
    select
        cast({{ iso_weekday('local_date') }} as integer) as local_iso_weekday,
        count(*) as day_count
    from days
    group by {{ iso_weekday('local_date') }}
),

hours as (
    select cast({{ integers_to(23) }} as integer) as local_hour
),

counted as (
    select
        local_iso_weekday,
        local_hour,
        count(*) as transaction_count
    from transactions
    group by local_iso_weekday, local_hour
),

activity_by_hour_and_weekday as (
    select
        weekdays.local_iso_weekday,
        hours.local_hour,
        weekdays.day_count,
        coalesce(counted.transaction_count, 0) as transaction_count
    from weekdays
    cross join hours
    left join counted
        on
            weekdays.local_iso_weekday = counted.local_iso_weekday
            and hours.local_hour = counted.local_hour
)

select * from activity_by_hour_and_weekday
order by local_iso_weekday, local_hour
