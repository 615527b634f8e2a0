{{ config(materialized='view') }}

with transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

int_transactions__observed as (
    select
        snapshots.snapshot_date,
        snapshots.observation_start,
        transactions.customer_id,
        {{ customer_part('transactions.customer_id') }} as customer_part,
        transactions.transacted_at,
        transactions.local_date,
        transactions.local_iso_weekday,
        transactions.local_hour,
        transactions.amount,
        transactions.absolute_amount,
        transactions.is_credit,
        transactions.product_category,
        transactions.channel_id,
        transactions.pricing_strategy
    from transactions
    inner join snapshots
        on
            transactions.transacted_at >= snapshots.observation_start
            and transactions.transacted_at < snapshots.snapshot_date
)

select * from int_transactions__observed
