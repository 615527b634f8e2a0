{{ config(materialized='view', tags='scoring') }}

with champion as (
    select * from {{ ref('int_champion__promoted') }}
),

features as (
    select * from {{ ref('stg_model__scorecard_features') }}
),

points as (
    select * from {{ ref('stg_model__scorecard_points') }}
),

best as (
    select
        model_version,
        feature,
        max(points) as best_points
    from points
    group by
        model_version,
        feature
),

-- How far from the mean customer to the best one the cut-off lies.
positions as (
    select
        champion.model_version,
        case
            when sum(best.best_points) > sum(features.reference_points)
                then
                    (champion.cutoff_score - sum(features.reference_points))
                    / (sum(best.best_points) - sum(features.reference_points))
            else 0
        end as share_of_the_way
    from champion
    inner join features on champion.model_version = features.model_version
    inner join best
        on
            features.model_version = best.model_version
            and features.feature = best.feature
    group by
        champion.model_version,
        champion.cutoff_score
),

int_reason_references__computed as (
    select
        features.model_version,
        features.feature,
        features.reason_code,
        features.reference_points as mean_points,
        features.reference_points
        + positions.share_of_the_way * (best.best_points - features.reference_points)
            as cutoff_points
    from positions
    inner join features on positions.model_version = features.model_version
    inner join best
        on
            features.model_version = best.model_version
            and features.feature = best.feature
)

select * from int_reason_references__computed
