{{ config(tags='scoring') }}

with scores as (
    select * from {{ ref('int_test_customers__scored') }}
),

labels as (
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
    select distinct
        transactions.customer_id,
        snapshots.snapshot_date
    from transactions
    inner join snapshots
        on
            transactions.transacted_at >= snapshots.snapshot_date
            and transactions.transacted_at < snapshots.outcome_end
    where
        transactions.is_fraud
        and snapshots.split = 'test'
),

fct_score_outcomes as (
    select
        scores.customer_id,
        scores.snapshot_date,
        scores.model_version,
        scores.score,
        labels.is_high_risk,
        labels.outcome_transaction_count = 0 as is_inactive,
        case when reported.has_frauds then frauds.customer_id is not null end
            as has_fraud,
        case when reported.has_defaults then labels.has_defaulted end
            as has_defaulted
    from scores
    cross join reported
    inner join labels
        on
            scores.customer_id = labels.customer_id
            and scores.snapshot_date = labels.snapshot_date
    left join frauds
        on
            scores.customer_id = frauds.customer_id
            and scores.snapshot_date = frauds.snapshot_date
)

select * from fct_score_outcomes
