{{ config(tags='scoring') }}

with source as (
    select * from {{ source('model', 'scorecard_features') }}
),

stg_model__scorecard_features as (
    select
        -- ids
        model_version,

        -- text
        feature,
        reason_code,

        -- numerics
        position,
        information_value,
        coefficient,
        reference_points
    from source
)

select * from stg_model__scorecard_features
