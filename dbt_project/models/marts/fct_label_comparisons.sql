{%- set outcomes = [
    'no_transaction', 'same_window_label', 'fraud_before', 'fraud_after', 'default_after',
] -%}

with labels as (
    select * from {{ ref('fct_customer_labels') }}
),

snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
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

frauds as (
    select
        transactions.customer_id,
        snapshots.snapshot_date,
        bool_or(transactions.transacted_at < snapshots.snapshot_date) as fraud_before,
        bool_or(transactions.transacted_at >= snapshots.snapshot_date) as fraud_after
    from transactions
    inner join snapshots
        on
            transactions.transacted_at >= snapshots.observation_start
            and transactions.transacted_at < snapshots.outcome_end
    where transactions.is_fraud
    group by transactions.customer_id, snapshots.snapshot_date
),

marked as (
    select
        labels.snapshot_date,
        labels.split,
        labels.outcome_cluster = 0 as is_high_risk,
        labels.outcome_transaction_count = 0 as no_transaction,
        labels.is_high_risk_same_window as same_window_label,
        coalesce(frauds.fraud_before, false) as fraud_before,
        coalesce(frauds.fraud_after, false) as fraud_after,
        labels.has_defaulted as default_after
    from labels
    left join frauds
        on
            labels.customer_id = frauds.customer_id
            and labels.snapshot_date = frauds.snapshot_date
),

counted as (
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
),

rated as (
    select
        *,
        high_risk_event_count / nullif(cast(high_risk_count as double), 0)
            as high_risk_event_rate,
        low_risk_event_count / nullif(cast(low_risk_count as double), 0)
            as low_risk_event_rate,
        high_risk_event_count
        / nullif(cast(high_risk_event_count + low_risk_event_count as double), 0)
            as share_of_events_found,
        (high_risk_count - high_risk_event_count)
        / nullif(
            cast(
                high_risk_count - high_risk_event_count
                + low_risk_count - low_risk_event_count as double
            ), 0
        ) as share_of_others_flagged
    from counted
),

fct_label_comparisons as (
    select
        snapshot_date,
        split,
        outcome,
        high_risk_count,
        low_risk_count,
        high_risk_event_count,
        low_risk_event_count,
        high_risk_event_rate,
        low_risk_event_rate,
        cast(high_risk_event_count * (low_risk_count - low_risk_event_count) as double)
        / nullif((high_risk_count - high_risk_event_count) * low_risk_event_count, 0)
            as odds_ratio,
        (1 + share_of_events_found - share_of_others_flagged) / 2 as auc
    from rated
)

select * from fct_label_comparisons
