-- A gap between bins gives a value no points, an overlap gives it two: either
-- way the score is not the sum that the scorecard promises.
{{ config(tags='scoring') }}

with bins as (
    select
        *,
        lag(upper) over (
            partition by model_version, feature order by bin_index
        ) as previous_upper,
        row_number() over (partition by model_version, feature order by bin_index) as rank_up,
        row_number() over (
            partition by model_version, feature order by bin_index desc
        ) as rank_down
    from {{ ref('stg_model__scorecard_points') }}
    where bin_kind = 'range'
)

select
    model_version,
    feature,
    bin_index
from bins
where
    (rank_up = 1 and lower is not null)
    or (rank_up > 1 and (lower is null or lower != previous_upper))
    or (rank_down = 1 and upper is not null)
    or lower >= upper
