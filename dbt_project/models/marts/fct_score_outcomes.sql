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

fct_score_outcomes as (
    select
        scores.customer_id,
        scores.snapshot_date,
        scores.model_version,
        scores.score,
        labels.is_high_risk,
        events.no_transaction as is_inactive,
        events.fraud_after as has_fraud,
        events.default_after as has_defaulted
    from scores
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
