-- Without a Missing bin a null would fall through to no points at all.
{{ config(tags='scoring') }}

select
    model_version,
    feature
from {{ ref('stg_model__scorecard_points') }}
group by model_version, feature
having count(*) filter (where bin_kind = 'missing') != 1
