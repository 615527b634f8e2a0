{{ config(tags='scoring') }}

{%- set outcomes = {
    'label': 'is_high_risk',
    'no_transaction': 'is_inactive',
    'fraud_after': 'has_fraud',
    'default_after': 'has_defaulted',
} -%}

with customers as (
    select * from {{ ref('fct_score_outcomes') }}
),

events as (
    {%- for outcome, column in outcomes.items() %}
    select
        snapshot_date,
        model_version,
        '{{ outcome }}' as outcome,
        score,
        {{ column }} as is_event
    from customers
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- Equal scores share the mean of their ranks; the riskiest rank highest.
ranked as (
    select
        *,
        rank() over (partition by outcome order by score desc)
        + (count(*) over (partition by outcome, score) - 1) / 2e0 as risk_rank
    from events
),

counted as (
    select
        snapshot_date,
        model_version,
        outcome,
        count(*) as row_count,
        case when count(is_event) > 0 then count(*) filter (where is_event) end
            as event_count,
        avg(score) filter (where is_event) as mean_score_events,
        avg(score) filter (where not is_event) as mean_score_others,
        sum(risk_rank) filter (where is_event) as risk_rank_sum
    from ranked
    group by snapshot_date, model_version, outcome
),

fct_score_comparisons as (
    select
        snapshot_date,
        model_version,
        outcome,
        row_count,
        event_count,
        cast(event_count as double) / row_count as event_rate,
        mean_score_events,
        mean_score_others,
        -- Mann and Whitney: pairs of one event and one other, ranked right.
        (risk_rank_sum - event_count * (event_count + 1) / 2e0)
        / nullif(event_count * cast(row_count - event_count as double), 0) as auc
    from counted
)

select * from fct_score_comparisons
