-- Otherwise the reasons that a validator reads are those of another card.
{{ config(tags='scoring') }}

with selected as (
    select
        model_version,
        feature
    from {{ source('model', 'feature_selection') }}
    where is_selected
),

card as (
    select
        model_version,
        feature
    from {{ ref('stg_model__scorecard_features') }}
    where model_version in (
        select model_version from {{ source('model', 'feature_selection') }}
    )
)

select
    model_version,
    feature
from card
full join selected using (model_version, feature)
where card.feature is null or selected.feature is null
