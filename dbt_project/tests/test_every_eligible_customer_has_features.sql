-- A customer lost in a join of the feature parts would be refused a score
-- although it bought in the observation window.
with eligible as (
    select distinct
        customer_id,
        snapshot_date
    from {{ ref('int_transactions__observed') }}
),

features as (
    select
        customer_id,
        snapshot_date
    from {{ ref('fct_customer_features') }}
)

select
    eligible.customer_id,
    eligible.snapshot_date
from eligible
left join features
    on
        eligible.customer_id = features.customer_id
        and eligible.snapshot_date = features.snapshot_date
where features.customer_id is null
