-- The label rests on these counts and sums: an outcome window that lost a purchase
-- calls an active customer inactive, one that borrowed a purchase the reverse. Every
-- customer of the observation window has a row, and nobody else. The sums are exact
-- decimals, rounded to doubles once on both sides.
with snapshots as (
    select *
    from {{ ref('int_snapshots__dated') }}
    where split in ('train', 'embargo', 'test')
),

transactions as (
    select
        *,
        cast(transacted_at as date) as transacted_on
    from {{ ref('int_transactions__cleaned') }}
),

of_transactions as (
    select
        transactions.customer_id,
        snapshots.snapshot_date,
        cast(
            count(*) filter (where transactions.transacted_on >= snapshots.snapshot_date)
            as double
        ) as transaction_count,
        cast(
            coalesce(
                sum(transactions.absolute_amount) filter (
                    where transactions.transacted_on >= snapshots.snapshot_date
                ), 0
            ) as double
        ) as total_value
    from transactions
    inner join snapshots
        on
            transactions.transacted_on >= snapshots.observation_start
            and transactions.transacted_on < snapshots.outcome_end
    group by transactions.customer_id, snapshots.snapshot_date
    having min(transactions.transacted_on) < snapshots.snapshot_date
),

of_outcomes as (
    select * from {{ ref('int_outcome_windows__aggregated') }}
)

select
    coalesce(of_outcomes.customer_id, of_transactions.customer_id) as customer_id,
    coalesce(of_outcomes.snapshot_date, of_transactions.snapshot_date) as snapshot_date
from of_transactions
full outer join of_outcomes
    on
        of_transactions.customer_id = of_outcomes.customer_id
        and of_transactions.snapshot_date = of_outcomes.snapshot_date
where
    of_transactions.transaction_count is distinct from of_outcomes.transaction_count
    or of_transactions.total_value is distinct from of_outcomes.total_value
