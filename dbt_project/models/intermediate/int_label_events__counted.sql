{%- set outcomes = [
    'no_transaction', 'same_window_label', 'fraud_before', 'fraud_after', 'default_after',
] -%}

with marked as (
    select * from {{ ref('int_label_events__marked') }}
),

transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

defaults as (
    select * from {{ ref('stg_raw__outcomes') }}
),

-- Where nobody reports frauds or defaults, none is no finding.
reported as (
    select
        true as no_transaction,
        true as same_window_label,
        count(is_fraud) > 0 as fraud_before,
        count(is_fraud) > 0 as fraud_after,
        (select count(*) > 0 from defaults) as default_after
    from transactions
),

int_label_events__counted as (
    {%- for outcome in outcomes %}
    select
        marked.snapshot_date,
        marked.split,
        '{{ outcome }}' as outcome,
        count(*) filter (where marked.is_high_risk) as high_risk_count,
        count(*) filter (where not marked.is_high_risk) as low_risk_count,
        case when max(reported.{{ outcome }}) then count(*) filter (
            where marked.is_high_risk and marked.{{ outcome }}
        ) end as high_risk_event_count,
        case when max(reported.{{ outcome }}) then count(*) filter (
            where not marked.is_high_risk and marked.{{ outcome }}
        ) end as low_risk_event_count
    from marked
    cross join reported
    group by marked.snapshot_date, marked.split
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from int_label_events__counted
