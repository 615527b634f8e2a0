with transactions as (
    select * from {{ ref('int_transactions__observed') }}
),

aggregated as (
    select
        customer_id,
        snapshot_date,
        min(transacted_at) as first_transacted_at,
        max(transacted_at) as last_transacted_at,
        count(*) as transaction_count,
        count(distinct local_date) as active_days,
        count(*) filter (
            where
            local_hour >= {{ var('night_start_hour') }}
            or local_hour < {{ var('night_end_hour') }}
        ) as night_count,
        count(*) filter (
            where local_iso_weekday >= {{ var('weekend_start_weekday') }}
        ) as weekend_count
    from transactions
    group by customer_id, snapshot_date
),

int_rhythm__aggregated as (
    select
        customer_id,
        snapshot_date,
        {{ days_between('first_transacted_at', 'cast(snapshot_date as timestamp)') }}
            as tenure_days,
        cast(active_days as double) as active_days,
        {{ days_between('first_transacted_at', 'last_transacted_at') }}
        / nullif(transaction_count - 1, 0) as avg_gap_days,
        cast(night_count as double) / transaction_count as night_share,
        cast(weekend_count as double) / transaction_count as weekend_share
    from aggregated
)

select * from int_rhythm__aggregated
