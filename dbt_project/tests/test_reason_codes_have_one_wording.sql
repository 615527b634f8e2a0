-- Two wordings for one code would give a customer two different reasons for
-- the same loss, depending on which feature lost it.
with worded as (
    select
        reason_code,
        customer_wording
    from {{ ref('feature_contract') }}
    union all
    select
        reason_code,
        customer_wording
    from {{ ref('policy_reasons') }}
)

select reason_code
from worded
group by reason_code
having count(distinct customer_wording) > 1
