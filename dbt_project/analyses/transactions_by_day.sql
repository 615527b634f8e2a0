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

counted as (
    select
        local_date,
        count(*) as transaction_count,
        count(distinct customer_id) as customer_count
    from transactions
    group by local_date
),

transactions_by_day as (
    select
        days.local_date,
        coalesce(counted.transaction_count, 0) as transaction_count,
        coalesce(counted.customer_count, 0) as customer_count,
        avg(coalesce(counted.transaction_count, 0)) over (
            order by days.local_date rows between 6 preceding and current row
        ) as mean_of_seven_days
    from days
    left join counted on days.local_date = counted.local_date
)

select * from transactions_by_day
order by local_date
