with rfm as (
    select * from {{ ref('fct_customer_rfm') }}
),

latest as (
    select
        segment,
        recency_days,
        transaction_count,
        total_value
    from rfm
    where snapshot_date = (select max(newest.snapshot_date) from rfm as newest)
),

grouped as (
    select
        segment,
        count(*) as customer_count,
        sum(transaction_count) as transaction_count,
        sum(total_value) as total_value,
        median(recency_days) as median_recency_days,
        median(transaction_count) as median_transaction_count,
        median(total_value) as median_total_value
    from latest
    group by segment
),

rfm_segment_value as (
    select
        segment,
        customer_count,
        customer_count / cast(sum(customer_count) over () as double) as customer_share,
        transaction_count / nullif(sum(transaction_count) over (), 0) as transaction_share,
        total_value / nullif(sum(total_value) over (), 0) as value_share,
        median_recency_days,
        median_transaction_count,
        median_total_value
    from grouped
)

select * from rfm_segment_value
order by customer_count desc, segment asc
