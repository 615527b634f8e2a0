with snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

spend as (
    select * from {{ ref('int_spend__aggregated') }}
),

rhythm as (
    select * from {{ ref('int_rhythm__aggregated') }}
),

momentum as (
    select * from {{ ref('int_momentum__aggregated') }}
),

mix as (
    select * from {{ ref('int_mix__aggregated') }}
),

main_categories as (
    select * from {{ ref('int_main_categories__ranked') }}
),

fct_customer_features as (
    select
        spend.customer_id,
        spend.snapshot_date,
        snapshots.split,
        '{{ parameters_hash() }}' as parameters_hash,
        spend.recency_days,
        spend.transaction_count,
        spend.total_value,
        spend.avg_value,
        spend.std_value,
        spend.min_value,
        spend.max_value,
        spend.median_value,
        spend.net_amount,
        spend.credit_share,
        rhythm.tenure_days,
        rhythm.active_days,
        rhythm.avg_gap_days,
        rhythm.night_share,
        rhythm.weekend_share,
        momentum.transaction_count_7d,
        momentum.value_7d,
        momentum.transaction_count_trend,
        momentum.value_trend,
        mix.product_category_count,
        mix.airtime_share,
        mix.financial_services_share,
        mix.utility_bill_share,
        main_categories.main_product_category,
        main_categories.main_channel,
        main_categories.main_pricing_strategy
    from spend
    inner join snapshots on spend.snapshot_date = snapshots.snapshot_date
    {%- for part in ['rhythm', 'momentum', 'mix', 'main_categories'] %}
    inner join {{ part }}
        on
            spend.customer_id = {{ part }}.customer_id
            and spend.snapshot_date = {{ part }}.snapshot_date
    {%- endfor %}
)

select * from fct_customer_features
