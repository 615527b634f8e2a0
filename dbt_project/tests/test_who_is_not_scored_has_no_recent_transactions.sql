-- A file that landed after the features were built brings customers whom they lack:
-- "no recent transactions" would be said of somebody who has just bought.
{{ config(tags='scoring') }}

with scores as (
    select * from {{ ref('fct_customer_scores') }}
),

snapshot as (
    select observation_start
    from {{ ref('int_snapshots__dated') }}
    where split = 'score'
),

last_bought as (
    select
        customer_id,
        max(transacted_at) as last_transacted_at
    from {{ ref('int_transactions__cleaned') }}
    group by customer_id
)

select
    scores.customer_id,
    last_bought.last_transacted_at
from scores
inner join last_bought on scores.customer_id = last_bought.customer_id
cross join snapshot
where
    scores.status = 'not_scored'
    and last_bought.last_transacted_at >= snapshot.observation_start
