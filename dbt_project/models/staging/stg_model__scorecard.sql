{{ config(tags='scoring') }}

with source as (
    select * from {{ source('model', 'scorecard') }}
),

stg_model__scorecard as (
    select
        -- ids
        model_version,

        -- text
        target_name,
        label_source,
        parameters_hash,

        -- numerics
        points_to_double_odds,
        reference_score,
        reference_odds,
        score_factor,
        score_offset,
        intercept,
        calibration_intercept,
        calibration_slope,
        cutoff_score,
        score_shown_min,
        score_shown_max,
        reasons_at_most
    from source
)

select * from stg_model__scorecard
