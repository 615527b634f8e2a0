with transactions as (
    select * from {{ ref('int_transactions__observed') }}
),

aggregated as (
    select
        customer_id,
        snapshot_date,
        max(transacted_at) as last_transacted_at,
        count(*) as transaction_count,
        count(*) filter (where is_credit) as credit_count,
        sum(absolute_amount) as total_value,
        sum(amount) as net_amount,
        min(absolute_amount) as min_value,
        max(absolute_amount) as max_value,
        median(cast(absolute_amount as double)) as median_value,
        stddev_samp(cast(absolute_amount as double)) as std_value
    from transactions
    group by customer_id, snapshot_date
),

int_spend__aggregated as (
    select
        customer_id,
        snapshot_date,
        {{ days_between('last_transacted_at', 'cast(snapshot_date as timestamp)') }}
            as recency_days,
        cast(transaction_count as double) as transaction_count,
        cast(total_value as double) as total_value,
        cast(total_value as double) / transaction_count as avg_value,
        {{ stable('std_value') }} as std_value,
        cast(min_value as double) as min_value,
        cast(max_value as double) as max_value,
        {{ stable('median_value') }} as median_value,
        cast(net_amount as double) as net_amount,
        cast(credit_count as double) / transaction_count as credit_share
    from aggregated
)

select * from int_spend__aggregated
