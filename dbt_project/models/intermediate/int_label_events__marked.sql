{{ config(materialized='view') }}

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
        count(is_fraud) > 0 as has_frauds,
        (select count(*) > 0 from defaults) as has_defaults
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

int_label_events__marked as (
    select
        labels.customer_id,
        labels.snapshot_date,
        labels.split,
        labels.outcome_cluster = 0 as is_high_risk,
        labels.outcome_transaction_count = 0 as no_transaction,
        labels.is_high_risk_same_window as same_window_label,
        case when reported.has_frauds then coalesce(frauds.fraud_before, false) end
            as fraud_before,
        case when reported.has_frauds then coalesce(frauds.fraud_after, false) end
            as fraud_after,
        case when reported.has_defaults then labels.has_defaulted end as default_after
    from labels
    cross join reported
    left join frauds
        on
            labels.customer_id = frauds.customer_id
            and labels.snapshot_date = frauds.snapshot_date
)

select * from int_label_events__marked
