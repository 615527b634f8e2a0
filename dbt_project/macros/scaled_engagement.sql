{#- The column of each k-means axis. -#}
{% macro engagement_columns() -%}
    {{ return({
        'recency': 'recency_days',
        'frequency': 'transaction_count',
        'monetary': 'total_value',
    }) }}
{%- endmacro %}

{#- CTE: mean and standard deviation of log1p of the axes, over the rows that
    may be learnt from (train, folds 1 and up). log1p, because plain
    standardising makes a "cluster" of a handful of giant spenders. -#}
{% macro fitted_scaler(rows, output) -%}
{{ output }} as (
    select
        {%- for axis, column in engagement_columns().items() %}
        {{ stable('avg(ln(1 + ' ~ column ~ '))') }} as mean_{{ axis }},
        {{ stable('stddev_pop(ln(1 + ' ~ column ~ '))') }} as scale_{{ axis }},
        {%- endfor %}
        count(*) as row_count
    from {{ rows }}
    where split = 'train' and customer_fold != 0
)
{%- endmacro %}

{#- CTE: the axes in standard deviations, a constant one as 0. Rounded to
    2^-24, so that any sum of them (up to 500 million rows) is exact and the
    same in every order. -#}
{% macro scaled_engagement(rows, scaler, output) -%}
{{ output }} as (
    select
        {{ rows }}.customer_id,
        {{ rows }}.snapshot_date,
        {{ rows }}.split = 'train' and {{ rows }}.customer_fold != 0 as is_fitted_on,
        {%- for axis, column in engagement_columns().items() %}
        coalesce(
            floor(
                (ln(1 + {{ rows }}.{{ column }}) - {{ scaler }}.mean_{{ axis }})
                / nullif({{ scaler }}.scale_{{ axis }}, 0)
                * 16777216e0 + 0.5e0
            ) / 16777216e0,
            0
        ) as {{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ rows }}
    cross join {{ scaler }}
)
{%- endmacro %}
