-- With a champion, every accepted customer is scored or told why not; one that
-- is missing would get "unknown customer" although the bank knows it, and one that
-- is referred without a reason would get none although a reason is owed.
{{ config(tags='scoring') }}

with customers as (
    select distinct customer_id from {{ ref('int_transactions__cleaned') }}
),

champion as (
    select model_version from {{ ref('int_champion__promoted') }}
),

scores as (
    select * from {{ ref('fct_customer_scores') }}
)

select customers.customer_id
from customers
cross join champion
left join scores on customers.customer_id = scores.customer_id
where
    scores.customer_id is null
    or (scores.status = 'scored' and (scores.score is null or scores.grade is null))
    or (scores.status = 'not_scored' and coalesce(scores.score, scores.score_shown) is not null)
    or (scores.status = 'not_scored' and scores.action != 'refer')
    or (scores.action != 'approve' and {{ array_length('scores.reasons') }} = 0)
