{%- set outcomes = [
    'no_transaction', 'same_window_label', 'fraud_before', 'fraud_after', 'default_after',
] -%}

with marked as (
    select * from {{ ref('int_label_events__marked') }}
),

int_label_events__counted as (
    {%- for outcome in outcomes %}
    select
        marked.snapshot_date,
        marked.split,
        '{{ outcome }}' as outcome,
        count(*) filter (where marked.is_high_risk) as high_risk_count,
        count(*) filter (where not marked.is_high_risk) as low_risk_count,
        case when count(marked.{{ outcome }}) > 0 then count(*) filter (
            where marked.is_high_risk and marked.{{ outcome }}
        ) end as high_risk_event_count,
        case when count(marked.{{ outcome }}) > 0 then count(*) filter (
            where not marked.is_high_risk and marked.{{ outcome }}
        ) end as low_risk_event_count
    from marked
    group by marked.snapshot_date, marked.split
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from int_label_events__counted
