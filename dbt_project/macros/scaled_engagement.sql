{#- CTEs that standardise log1p of recency, frequency and monetary value. The
    scaler is fitted on the rows that may be learnt from (train, folds 1 and
    up) and applied to all. log1p, because plain standardising makes a
    "cluster" of a handful of giant spenders. -#}
{% macro scaled_engagement(rows, output) -%}
{%- set axes = {
    'recency': 'recency_days',
    'frequency': 'transaction_count',
    'monetary': 'total_value',
} -%}
logged as (
    select
        customer_id,
        snapshot_date,
        split = 'train' and customer_fold != 0 as is_fitted_on,
        {%- for axis, column in axes.items() %}
        ln(1 + {{ column }}) as log_{{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ rows }}
),

scaler as (
    select
        {%- for axis in axes %}
        {{ stable('avg(log_' ~ axis ~ ')') }} as mean_{{ axis }},
        {{ stable('stddev_pop(log_' ~ axis ~ ')') }} as scale_{{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from logged
    where is_fitted_on
),

{{ output }} as (
    select
        logged.customer_id,
        logged.snapshot_date,
        logged.is_fitted_on,
        {%- for axis in axes %}
        coalesce(
            (logged.log_{{ axis }} - scaler.mean_{{ axis }})
            / nullif(scaler.scale_{{ axis }}, 0),
            0
        ) as {{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from logged
    cross join scaler
)
{%- endmacro %}
