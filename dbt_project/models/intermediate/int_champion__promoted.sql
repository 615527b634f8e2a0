{{ config(materialized='view', tags='scoring') }}

with promoted as (
    select * from {{ ref('stg_model__champion') }}
),

scorecards as (
    select * from {{ ref('stg_model__scorecard') }}
),

int_champion__promoted as (
    select
        scorecards.model_version,
        scorecards.label_source,
        scorecards.parameters_hash,
        scorecards.score_factor,
        scorecards.score_offset,
        scorecards.cutoff_score,
        scorecards.score_shown_min,
        scorecards.score_shown_max,
        scorecards.reasons_at_most
    from promoted
    inner join scorecards
        on promoted.model_version = scorecards.model_version
)

select * from int_champion__promoted
