-- Amounts are exact decimals, so both sums agree to the last digit unless a
-- model lost, doubled or changed a transaction.
with landed as (
    select
        count(*) as row_count,
        sum(Amount) as net_amount
    from {{ source('raw', 'transactions') }}
),

mart as (
    select
        count(*) as row_count,
        sum(amount) as net_amount,
        coalesce(sum(absolute_amount) filter (where not is_credit), 0)
        - coalesce(sum(absolute_amount) filter (where is_credit), 0) as debits_less_credits
    from {{ ref('fct_transactions') }}
)

select
    landed.net_amount as landed_amount,
    mart.net_amount as mart_amount
from landed
cross join mart
where
    landed.row_count != mart.row_count
    or landed.net_amount != mart.net_amount
    or landed.net_amount != mart.debits_less_credits
