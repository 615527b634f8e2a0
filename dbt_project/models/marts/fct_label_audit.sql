with labels as (
    select * from {{ ref('fct_customer_labels') }}
),

marked as (
    select
        snapshot_date,
        split,
        is_high_risk,
        is_high_risk_same_window,
        outcome_transaction_count = 0 as is_inactive
    from labels
),

fct_label_audit as (
    select
        snapshot_date,
        split,
        count(*) as row_count,
        cast(count(*) filter (where is_high_risk) as double) / count(*) as event_rate,
        cast(count(*) filter (where is_inactive) as double) / count(*) as inactive_rate,
        cast(count(*) filter (where is_high_risk = is_inactive) as double)
        / count(*) as agreement_with_inactivity,
        cast(count(*) filter (where is_high_risk_same_window) as double)
        / count(*) as same_window_event_rate
    from marked
    group by snapshot_date, split
)

select * from fct_label_audit
