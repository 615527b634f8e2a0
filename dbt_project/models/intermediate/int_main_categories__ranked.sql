{{ config(materialized='view') }}

with transactions as (
    select * from {{ ref('int_transactions__observed') }}
),

{% set mains = {
    'main_product_category': 'product_category',
    'main_channel': 'channel_id',
    'main_pricing_strategy': 'pricing_strategy',
} %}
{% for main, category in mains.items() -%}
{{ category }}_counts as (
    select
        customer_id,
        snapshot_date,
        {{ category }},
        count(*) as transaction_count
    from transactions
    group by customer_id, snapshot_date, {{ category }}
),

{{ main }} as (
    select
        customer_id,
        snapshot_date,
        {{ category }} as {{ main }}
    from {{ category }}_counts
    -- Equal counts go to the first by name.
    qualify row_number() over (
        partition by customer_id, snapshot_date
        order by transaction_count desc, {{ category }}
    ) = 1
),

{% endfor -%}
int_main_categories__ranked as (
    select
        main_product_category.customer_id,
        main_product_category.snapshot_date,
        main_product_category.main_product_category,
        main_channel.main_channel,
        main_pricing_strategy.main_pricing_strategy
    from main_product_category
    inner join main_channel
        on
            main_product_category.customer_id = main_channel.customer_id
            and main_product_category.snapshot_date = main_channel.snapshot_date
    inner join main_pricing_strategy
        on
            main_product_category.customer_id = main_pricing_strategy.customer_id
            and main_product_category.snapshot_date = main_pricing_strategy.snapshot_date
)

select * from int_main_categories__ranked
