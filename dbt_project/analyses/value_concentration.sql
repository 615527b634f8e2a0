with transactions as (
    select * from {{ ref('fct_transactions') }}
),

customers as (
    select
        customer_id,
        cast(sum(absolute_amount) as double) as total_value
    from transactions
    group by customer_id
),

ranked as (
    select
        total_value,
        ntile(100) over (order by total_value desc, customer_id asc) as percentile,
        row_number() over (order by total_value, customer_id) as rank_from_least
    from customers
),

-- 0: all spend the same; near 1: one spends all.
unevenness as (
    select
        count(*) as customer_count,
        sum(total_value) as total_value,
        2 * sum(rank_from_least * total_value) / (count(*) * sum(total_value))
        - (count(*) + 1e0) / count(*) as gini
    from ranked
),

grouped as (
    select
        percentile,
        count(*) as customer_count,
        sum(total_value) as total_value
    from ranked
    group by percentile
),

value_concentration as (
    select
        grouped.percentile,
        sum(grouped.customer_count) over (order by grouped.percentile)
        / cast(unevenness.customer_count as double) as customer_share,
        sum(grouped.total_value) over (order by grouped.percentile)
        / unevenness.total_value as value_share,
        unevenness.customer_count,
        unevenness.gini
    from grouped
    cross join unevenness
    where unevenness.total_value > 0
)

select * from value_concentration
order by percentile
