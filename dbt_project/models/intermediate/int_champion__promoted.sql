{{ config(materialized='view', tags='scoring') }}

with promotions as (
    select * from {{ ref('stg_model__model_promotions') }}
),

scorecards as (
    select * from {{ ref('stg_model__scorecard') }}
),

promoted as (
    select model_version
    from promotions
    qualify row_number() over (order by promoted_at desc, model_version asc) = 1
),

int_champion__promoted as (
    select
        scorecards.model_version,
        scorecards.label_source,
        scorecards.parameters_hash,
        scorecards.score_factor,
        scorecards.score_offset,
        scorecards.cutoff_score
    from promoted
    inner join scorecards
        on promoted.model_version = scorecards.model_version
)

select * from int_champion__promoted
