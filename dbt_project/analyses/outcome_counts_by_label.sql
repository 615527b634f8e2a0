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

-- 0, 1, 2 to 3, 4 to 7, …: each group reaches twice as far as the one before.
placed as (
    select
        is_high_risk,
        case
            when outcome_transaction_count = 0 then 0
            else 1 + cast(floor(log2(outcome_transaction_count)) as integer)
        end as group_index
    from labels
    where snapshot_date = (select newest.snapshot_date from last_train_snapshot as newest)
),

outcome_counts_by_label as (
    select
        is_high_risk,
        group_index,
        case when group_index > 0 then pow(2, group_index - 1) else 0 end as lowest_count,
        case when group_index > 0 then pow(2, group_index) - 1 else 0 end as highest_count,
        count(*) as customer_count
    from placed
    group by is_high_risk, group_index
)

select * from outcome_counts_by_label
order by group_index, is_high_risk
