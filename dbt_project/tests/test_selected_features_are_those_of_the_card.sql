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
        features.model_version,
        features.feature
    from {{ ref('stg_model__scorecard_features') }} as features
    where features.model_version in (
        select selection.model_version
        from {{ source('model', 'feature_selection') }} as selection
    )
)

select
    coalesce(card.model_version, selected.model_version) as model_version,
    coalesce(card.feature, selected.feature) as feature
from card
full outer join selected
    on
        card.model_version = selected.model_version
        and card.feature = selected.feature
where card.feature is null or selected.feature is null
