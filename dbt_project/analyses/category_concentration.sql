{%- set shown_categories = 4 -%}
{%- set dimensions = [
    'product_category', 'product_id', 'provider_id', 'channel_id',
    'pricing_strategy', 'currency_code', 'country_code',
] -%}
with transactions as (
    select * from {{ ref('fct_transactions') }}
),

counted as (
    {%- for dimension in dimensions %}
    select
        {{ loop.index }} as position,
        '{{ dimension }}' as dimension,
        {{ dimension }} as category,
        count(*) as transaction_count
    from transactions
    group by {{ dimension }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- Effective number: how many equally large categories are as concentrated.
ranked as (
    select
        position,
        dimension,
        category,
        transaction_count,
        cast(transaction_count as double)
        / sum(transaction_count) over (partition by dimension) as transaction_share,
        count(*) over (partition by dimension) as category_count,
        least(
            row_number() over (
                partition by dimension order by transaction_count desc, category asc
            ),
            {{ shown_categories + 1 }}
        ) as category_rank
    from counted
),

spread as (
    select
        dimension,
        1 / sum(transaction_share * transaction_share) as effective_count
    from ranked
    group by dimension
),

category_concentration as (
    select
        ranked.position,
        ranked.dimension,
        ranked.category_rank,
        case
            when count(*) = 1 then min(ranked.category)
            else cast(count(*) as varchar) || ' others'
        end as category,
        sum(ranked.transaction_count) as transaction_count,
        sum(ranked.transaction_share) as transaction_share,
        min(ranked.category_count) as category_count,
        min(spread.effective_count) as effective_count
    from ranked
    inner join spread on ranked.dimension = spread.dimension
    group by ranked.position, ranked.dimension, ranked.category_rank
)

select * from category_concentration
order by position, category_rank
