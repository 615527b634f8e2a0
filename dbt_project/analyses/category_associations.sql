{%- set categories = [
    'main_product_category', 'main_channel', 'main_pricing_strategy', 'segment',
] -%}
with features as (
    select * from {{ ref('fct_customer_features') }}
),

rfm as (
    select * from {{ ref('fct_customer_rfm') }}
),

customers as (
    select
        features.main_product_category,
        features.main_channel,
        features.main_pricing_strategy,
        rfm.segment
    from features
    inner join rfm
        on
            features.customer_id = rfm.customer_id
            and features.snapshot_date = rfm.snapshot_date
    where features.snapshot_date = (select max(latest.snapshot_date) from features as latest)
),

paired as (
    {%- for one in categories[:-1] %}
    {%- set position = loop.index %}
    {%- for other in categories[position:] %}
    select
        {{ position }} as position,
        {{ position + loop.index }} as other_position,
        '{{ one }}' as category,
        '{{ other }}' as other_category,
        {{ one }} as one_value,
        {{ other }} as other_value
    from customers
    {%- if position < categories | length - 1 %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
),

cells as (
    select
        position,
        other_position,
        category,
        other_category,
        one_value,
        other_value,
        cast(count(*) as double) as cell_count,
        sum(count(*)) over (partition by position, other_position, one_value) as row_total,
        sum(count(*)) over (partition by position, other_position, other_value) as column_total
    from paired
    group by position, other_position, category, other_category, one_value, other_value
),

measured as (
    select
        position,
        other_position,
        category,
        other_category,
        sum(cell_count) as customer_count,
        sum(cell_count * cell_count / (row_total * column_total)) - 1 as phi_squared,
        count(distinct one_value) - 1e0 as row_freedom,
        count(distinct other_value) - 1e0 as column_freedom
    from cells
    group by position, other_position, category, other_category
),

-- Cramér's V less what chance alone would show (Bergsma 2013).
corrected as (
    select
        *,
        greatest(
            0, phi_squared - row_freedom * column_freedom / (customer_count - 1)
        ) as corrected_phi_squared,
        least(
            row_freedom - row_freedom * row_freedom / (customer_count - 1),
            column_freedom - column_freedom * column_freedom / (customer_count - 1)
        ) as largest_phi_squared
    from measured
    where customer_count > 1
),

category_associations as (
    select
        position,
        other_position,
        category,
        other_category,
        customer_count,
        case
            when largest_phi_squared > 0
                then least(1, sqrt(corrected_phi_squared / largest_phi_squared))
        end as cramers_v
    from corrected
)

select * from category_associations
order by position, other_position
