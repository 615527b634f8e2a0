with audit as (
    select * from {{ ref('fct_label_audit') }}
),

label_by_snapshot as (
    select
        snapshot_date,
        split,
        row_count,
        event_rate,
        inactive_rate,
        agreement_with_inactivity,
        same_window_event_rate
    from audit
)

select * from label_by_snapshot
order by snapshot_date
