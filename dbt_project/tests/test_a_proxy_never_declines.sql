-- The label is a behavioural proxy: the worst automatic action on it is refer.
{{ config(tags='scoring') }}

select
    scores.customer_id,
    scores.action
from {{ ref('fct_customer_scores') }} as scores
inner join {{ ref('int_champion__promoted') }} as champion
    on scores.model_version = champion.model_version
where
    champion.label_source = 'proxy'
    and scores.action not in ('approve', 'refer')
