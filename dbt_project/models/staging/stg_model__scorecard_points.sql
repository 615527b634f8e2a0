{{ config(tags='scoring') }}

with source as (
    select * from {{ source('model', 'scorecard_points') }}
),

stg_model__scorecard_points as (
    select
        -- ids
        model_version,

        -- text
        feature,
        bin_kind,
        categories,

        -- numerics
        bin_index,
        lower,
        upper,
        row_count,
        event_count,
        woe,
        points
    from source
)

select * from stg_model__scorecard_points
