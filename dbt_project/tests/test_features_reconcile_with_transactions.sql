-- The stored rows of a customer against its transactions, in both directions: a
-- customer lost in a join would be refused a score although it bought, and a window
-- that lost, doubled or borrowed a transaction makes every share and sum wrong. The
-- sums are exact decimals, rounded to doubles once on both sides.
with snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

of_transactions as (
    select
        transactions.customer_id,
        snapshots.snapshot_date,
        cast(count(*) as double) as transaction_count,
        cast(sum(transactions.absolute_amount) as double) as total_value,
        cast(sum(transactions.amount) as double) as net_amount
    from transactions
    inner join snapshots
        on
            transactions.transacted_at >= snapshots.observation_start
            and transactions.transacted_at < snapshots.snapshot_date
    group by transactions.customer_id, snapshots.snapshot_date
),

of_features as (
    select * from {{ ref('fct_customer_features') }}
)

select
    coalesce(of_features.customer_id, of_transactions.customer_id) as customer_id,
    coalesce(of_features.snapshot_date, of_transactions.snapshot_date) as snapshot_date
from of_transactions
full outer join of_features
    on
        of_transactions.customer_id = of_features.customer_id
        and of_transactions.snapshot_date = of_features.snapshot_date
where
    of_transactions.transaction_count is distinct from of_features.transaction_count
    or of_transactions.total_value is distinct from of_features.total_value
    or of_transactions.net_amount is distinct from of_features.net_amount
