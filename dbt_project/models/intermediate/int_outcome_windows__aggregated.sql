{{ config(materialized='per_snapshot', window_hash='outcome_hash') }}
-- depends_on: {{ ref('int_snapshots__fingerprinted') }}

with eligible as (
    select
        customer_id,
        snapshot_date
    from {{ ref('int_customer_features__computed') }}
    where {{ each_snapshot() }}
),

snapshots as (
    select
        snapshot_date,
        outcome_end
    from {{ ref('int_snapshots__dated') }}
    where
        {{ each_snapshot() }}
        and split in ('train', 'embargo', 'test')
),

transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

outcomes as (
    select
        transactions.customer_id,
        snapshots.snapshot_date,
        max(transactions.transacted_at) as last_transacted_at,
        count(*) as transaction_count,
        sum(transactions.absolute_amount) as total_value
    from transactions
    inner join snapshots
        on
            transactions.transacted_at >= snapshots.snapshot_date
            and transactions.transacted_at < snapshots.outcome_end
    group by transactions.customer_id, snapshots.snapshot_date
),

int_outcome_windows__aggregated as (
    select
        eligible.customer_id,
        eligible.snapshot_date,
        cast(
            mod({{ hash_integer('eligible.customer_id') }}, {{ var('customer_folds') }})
            as integer
        ) as customer_fold,
        coalesce(
            {{ days_between(
                'outcomes.last_transacted_at', 'cast(snapshots.outcome_end as timestamp)'
            ) }},
            cast({{ var('outcome_days') }} as double)
        ) as recency_days,
        cast(coalesce(outcomes.transaction_count, 0) as double) as transaction_count,
        cast(coalesce(outcomes.total_value, 0) as double) as total_value
    from eligible
    inner join snapshots on eligible.snapshot_date = snapshots.snapshot_date
    left join outcomes
        on
            eligible.customer_id = outcomes.customer_id
            and eligible.snapshot_date = outcomes.snapshot_date
)

select * from int_outcome_windows__aggregated
