with transactions as (
    select * from {{ ref('int_transactions__observed') }}
),

marked as (
    select
        customer_id,
        snapshot_date,
        absolute_amount,
        transacted_at
        >= snapshot_date - interval {{ var('recent_days') }} day as is_recent,
        transacted_at
        >= snapshot_date - interval {{ var('observation_days') * 12 }} hour as is_last_half
    from transactions
),

aggregated as (
    select
        customer_id,
        snapshot_date,
        count(*) as transaction_count,
        sum(absolute_amount) as total_value,
        count(*) filter (where is_recent) as recent_count,
        coalesce(sum(absolute_amount) filter (where is_recent), 0) as recent_value,
        count(*) filter (where is_last_half) as last_half_count,
        coalesce(sum(absolute_amount) filter (where is_last_half), 0) as last_half_value
    from marked
    group by customer_id, snapshot_date
),

int_momentum__aggregated as (
    select
        customer_id,
        snapshot_date,
        cast(recent_count as double) as transaction_count_7d,
        cast(recent_value as double) as value_7d,
        cast(last_half_count as double) / transaction_count as transaction_count_trend,
        cast(last_half_value as double)
        / nullif(cast(total_value as double), 0) as value_trend
    from aggregated
)

select * from int_momentum__aggregated
