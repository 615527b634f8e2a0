with labels as (
    select * from {{ ref('fct_customer_labels') }}
),

-- One snapshot, so that each customer counts once; train, so that nobody learns
-- from the test snapshot by looking at it.
last_train_snapshot as (
    select max(snapshot_date) as snapshot_date
    from labels
    where split = 'train'
),

last_train as (
    select
        snapshot_date,
        is_high_risk,
        outcome_transaction_count = 0 as is_inactive,
        outcome_total_value
    from labels
    where snapshot_date = (select newest.snapshot_date from last_train_snapshot as newest)
),

label_against_inactivity as (
    select
        snapshot_date,
        is_high_risk,
        is_inactive,
        count(*) as customer_count,
        count(*) / cast(sum(count(*)) over () as double) as customer_share,
        median(outcome_total_value) as median_outcome_value
    from last_train
    group by snapshot_date, is_high_risk, is_inactive
)

select * from label_against_inactivity
order by is_high_risk desc, is_inactive desc
