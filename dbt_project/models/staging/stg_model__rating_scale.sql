{{ config(tags='scoring') }}

with source as (
    select * from {{ source('model', 'rating_scale') }}
),

stg_model__rating_scale as (
    select
        -- ids
        model_version,

        -- text
        grade,
        action,

        -- numerics
        position,
        lower,
        upper,
        target_share
    from source
)

select * from stg_model__rating_scale
