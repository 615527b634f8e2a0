{{ config(materialized='per_snapshot', window_hash='observation_hash') }}
-- depends_on: {{ ref('int_snapshots__fingerprinted') }}

with observations as (
    select
        *,
        cast(snapshot_date as timestamp) as snapshot_at
    from {{ ref('int_observations__aggregated') }}
    where {{ each_snapshot() }} and {{ each_part() }}
),

main_categories as (
    select * from {{ ref('int_main_categories__ranked') }}
    where {{ each_snapshot() }} and {{ each_part() }}
),

joined as (
    select
        observations.*,
        main_categories.main_product_category,
        main_categories.main_channel,
        main_categories.main_pricing_strategy
    from observations
    inner join main_categories
        on
            observations.customer_id = main_categories.customer_id
            and observations.snapshot_date = main_categories.snapshot_date
),

int_customer_features__computed as (
    select
        customer_id,
        snapshot_date,
        {{ days_between('last_transacted_at', 'snapshot_at') }} as recency_days,
        cast(transaction_count as double) as transaction_count,
        cast(total_value as double) as total_value,
        cast(total_value as double) / transaction_count as avg_value,
        std_value,
        cast(min_value as double) as min_value,
        cast(max_value as double) as max_value,
        median_value,
        cast(net_amount as double) as net_amount,
        cast(credit_count as double) / transaction_count as credit_share,
        {{ days_between('first_transacted_at', 'snapshot_at') }} as tenure_days,
        cast(active_days as double) as active_days,
        {{ days_between('first_transacted_at', 'last_transacted_at') }}
        / nullif(transaction_count - 1, 0) as avg_gap_days,
        cast(night_count as double) / transaction_count as night_share,
        cast(weekend_count as double) / transaction_count as weekend_share,
        cast(recent_count as double) as transaction_count_7d,
        cast(recent_value as double) as value_7d,
        cast(last_half_count as double) / transaction_count as transaction_count_trend,
        cast(last_half_value as double)
        / nullif(cast(total_value as double), 0) as value_trend,
        cast(product_category_count as double) as product_category_count,
        cast(airtime_count as double) / transaction_count as airtime_share,
        cast(financial_services_count as double)
        / transaction_count as financial_services_share,
        cast(utility_bill_count as double) / transaction_count as utility_bill_share,
        main_product_category,
        main_channel,
        main_pricing_strategy
    from joined
)

select * from int_customer_features__computed
