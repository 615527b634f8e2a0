{{ config(materialized='view') }}

with transactions as (
    select
        *,
        transacted_at
        >= snapshot_date - interval {{ var('recent_days') }} day as is_recent,
        transacted_at
        >= snapshot_date - interval {{ var('observation_days') * 12 }} hour
            as is_last_half,
        local_hour >= {{ var('night_start_hour') }}
        or local_hour < {{ var('night_end_hour') }} as is_night,
        local_iso_weekday >= {{ var('weekend_start_weekday') }} as is_weekend
    from {{ ref('int_transactions__observed') }}
),

int_observations__aggregated as (
    select
        customer_id,
        customer_part,
        snapshot_date,
        -- counts
        count(*) as transaction_count,
        count(*) filter (where is_credit) as credit_count,
        count(*) filter (where is_night) as night_count,
        count(*) filter (where is_weekend) as weekend_count,
        count(*) filter (where is_recent) as recent_count,
        count(*) filter (where is_last_half) as last_half_count,
        count(*) filter (where product_category = 'airtime') as airtime_count,
        count(*) filter (where product_category = 'financial_services')
            as financial_services_count,
        count(*) filter (where product_category = 'utility_bill') as utility_bill_count,
        count(distinct product_category) as product_category_count,
        count(distinct local_date) as active_days,
        -- amounts
        sum(amount) as net_amount,
        sum(absolute_amount) as total_value,
        coalesce(sum(absolute_amount) filter (where is_recent), 0) as recent_value,
        coalesce(sum(absolute_amount) filter (where is_last_half), 0) as last_half_value,
        min(absolute_amount) as min_value,
        max(absolute_amount) as max_value,
        {{ stable('median(cast(absolute_amount as double))') }} as median_value,
        {{ stable('stddev_samp(cast(absolute_amount as double))') }} as std_value,
        -- timestamps
        min(transacted_at) as first_transacted_at,
        max(transacted_at) as last_transacted_at
    from transactions
    group by customer_id, customer_part, snapshot_date
)

select * from int_observations__aggregated
