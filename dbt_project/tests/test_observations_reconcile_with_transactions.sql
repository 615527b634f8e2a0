-- Both sides are exact: a difference means that a window lost, doubled or
-- borrowed a transaction, and every share and sum of the snapshot is off.
with snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

of_transactions as (
    select
        snapshots.snapshot_date,
        count(*) as row_count,
        count(distinct transactions.customer_id) as customer_count,
        sum(transactions.amount) as net_amount,
        sum(transactions.absolute_amount) as total_value
    from transactions
    inner join snapshots
        on
            transactions.transacted_at >= snapshots.observation_start
            and transactions.transacted_at < snapshots.snapshot_date
    group by snapshots.snapshot_date
),

of_observations as (
    select
        snapshot_date,
        sum(transaction_count) as row_count,
        count(*) as customer_count,
        sum(net_amount) as net_amount,
        sum(total_value) as total_value
    from {{ ref('int_observations__aggregated') }}
    group by snapshot_date
),

of_features as (
    select
        snapshot_date,
        sum(cast(transaction_count as bigint)) as row_count,
        count(*) as customer_count
    from {{ ref('fct_customer_features') }}
    group by snapshot_date
)

select of_transactions.snapshot_date
from of_transactions
left join of_observations
    on of_transactions.snapshot_date = of_observations.snapshot_date
left join of_features
    on of_transactions.snapshot_date = of_features.snapshot_date
where
    of_transactions.row_count is distinct from of_observations.row_count
    or of_transactions.row_count is distinct from of_features.row_count
    or of_transactions.customer_count is distinct from of_observations.customer_count
    or of_transactions.customer_count is distinct from of_features.customer_count
    or of_transactions.net_amount is distinct from of_observations.net_amount
    or of_transactions.total_value is distinct from of_observations.total_value
