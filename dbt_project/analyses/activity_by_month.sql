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

months as (
    select
        cast(date_trunc('month', local_date) as date) as month_start,
        count(*) as day_count
    from days
    group by cast(date_trunc('month', local_date) as date)
),

counted as (
    select
        cast(date_trunc('month', local_date) as date) as month_start,
        count(*) as transaction_count,
        count(distinct customer_id) as customer_count,
        cast(sum(absolute_amount) as double) as total_value
    from transactions
    group by cast(date_trunc('month', local_date) as date)
),

activity_by_month as (
    select
        months.month_start,
        months.day_count,
        coalesce(counted.transaction_count, 0) as transaction_count,
        coalesce(counted.customer_count, 0) as customer_count,
        coalesce(counted.total_value, 0) as total_value
    from months
    left join counted on months.month_start = counted.month_start
)

select * from activity_by_month
order by month_start
