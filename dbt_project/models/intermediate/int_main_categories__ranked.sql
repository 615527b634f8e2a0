{{ config(materialized='view') }}

with transactions as (
    select * from {{ ref('int_transactions__observed') }}
),

counted as (
    {% for kind in ['product_category', 'channel_id', 'pricing_strategy'] -%}
    select
        customer_id,
        customer_part,
        snapshot_date,
        '{{ kind }}' as kind,
        {{ kind }} as category,
        count(*) as transaction_count
    from transactions
    group by customer_id, customer_part, snapshot_date, {{ kind }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- Equal counts go to the first by name.
ranked as (
    select
        *,
        {{ struct_of({'fewest': '-transaction_count', 'name': 'category'}) }} as place
    from counted
),

int_main_categories__ranked as (
    select
        customer_id,
        customer_part,
        snapshot_date,
        min_by(category, place) filter (where kind = 'product_category')
            as main_product_category,
        min_by(category, place) filter (where kind = 'channel_id') as main_channel,
        min_by(category, place) filter (where kind = 'pricing_strategy')
            as main_pricing_strategy
    from ranked
    group by customer_id, customer_part, snapshot_date
)

select * from int_main_categories__ranked
