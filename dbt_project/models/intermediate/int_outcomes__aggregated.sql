with eligible as (
    select
        spend.customer_id,
        spend.snapshot_date,
        snapshots.split,
        snapshots.outcome_end,
        mod({{ hash_integer('spend.customer_id') }}, {{ var('customer_folds') }}) as customer_fold
    from {{ ref('int_spend__aggregated') }} as spend
    inner join {{ ref('int_snapshots__dated') }} as snapshots
        on spend.snapshot_date = snapshots.snapshot_date
    where snapshots.split in ('train', 'embargo', 'test')
),

transactions as (
    select
        customer_id,
        transacted_at,
        absolute_amount
    from {{ ref('int_transactions__cleaned') }}
),

aggregated as (
    select
        eligible.customer_id,
        eligible.snapshot_date,
        eligible.split,
        eligible.customer_fold,
        eligible.outcome_end,
        max(transactions.transacted_at) as last_transacted_at,
        count(transactions.transacted_at) as transaction_count,
        coalesce(sum(transactions.absolute_amount), 0) as total_value
    from eligible
    left join transactions
        on
            eligible.customer_id = transactions.customer_id
            and transactions.transacted_at >= eligible.snapshot_date
            and transactions.transacted_at < eligible.outcome_end
    group by
        eligible.customer_id,
        eligible.snapshot_date,
        eligible.split,
        eligible.customer_fold,
        eligible.outcome_end
),

int_outcomes__aggregated as (
    select
        customer_id,
        snapshot_date,
        split,
        cast(customer_fold as integer) as customer_fold,
        coalesce(
            {{ days_between('last_transacted_at', 'cast(outcome_end as timestamp)') }},
            cast({{ var('outcome_days') }} as double)
        ) as recency_days,
        cast(transaction_count as double) as transaction_count,
        cast(total_value as double) as total_value
    from aggregated
)

select * from int_outcomes__aggregated
