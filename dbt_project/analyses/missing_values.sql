{%- set ids = ['batch_id', 'account_id', 'subscription_id'] -%}
{%- set categories = [
    'currency_code', 'country_code', 'provider_id', 'product_id',
    'product_category', 'channel_id', 'pricing_strategy',
] -%}
with transactions as (
    select * from {{ ref('fct_transactions') }}
),

features as (
    select * from {{ ref('fct_customer_features') }}
),

latest_features as (
    select *
    from features
    where snapshot_date = (select max(latest.snapshot_date) from features as latest)
),

missing_values as (
    -- Staging fills categories with 'unknown' and a missing Value from the amount.
    {%- for column in categories %}
    select
        'transaction' as grain,
        '{{ column }}' as column_name,
        count(*) as row_count,
        count(*) filter (where {{ column }} = 'unknown') as missing_count
    from transactions
    union all
    {%- endfor %}
    {%- for column in ids + ['is_fraud'] %}
    select
        'transaction' as grain,
        '{{ column }}' as column_name,
        count(*) as row_count,
        count(*) - count({{ column }}) as missing_count
    from transactions
    union all
    {%- endfor %}
    {%- for column in feature_names() %}
    select
        'customer' as grain,
        '{{ column }}' as column_name,
        count(*) as row_count,
        count(*) - count({{ column }}) as missing_count
    from latest_features
    union all
    {%- endfor %}
    select
        'transaction' as grain,
        'stated_value' as column_name,
        count(*) as row_count,
        count(*) filter (where is_stated_value_imputed) as missing_count
    from transactions
)

select * from missing_values
order by grain desc, missing_count desc, column_name asc
