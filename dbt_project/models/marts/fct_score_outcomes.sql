{{ config(tags='scoring') }}

with scores as (
    select * from {{ ref('int_test_customers__scored') }}
),

labels as (
    select * from {{ ref('fct_customer_labels') }}
),

events as (
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
        count(is_fraud) > 0 as has_frauds,
        (select count(*) > 0 from defaults) as has_defaults
    from transactions
),

fct_score_outcomes as (
    select
        scores.customer_id,
        scores.snapshot_date,
        scores.model_version,
        scores.score,
        labels.is_high_risk,
        events.no_transaction as is_inactive,
        case when reported.has_frauds then events.fraud_after end as has_fraud,
        case when reported.has_defaults then events.default_after end
            as has_defaulted
    from scores
    cross join reported
    inner join labels
        on
            scores.customer_id = labels.customer_id
            and scores.snapshot_date = labels.snapshot_date
    inner join events
        on
            scores.customer_id = events.customer_id
            and scores.snapshot_date = events.snapshot_date
)

select * from fct_score_outcomes
