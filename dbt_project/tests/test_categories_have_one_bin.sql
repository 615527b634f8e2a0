-- A category in two bins has the points of whichever comes first, a category in none
-- has no score where no Other bin takes it.
{{ config(tags='scoring') }}

with bins as (
    select * from {{ ref('stg_model__scorecard_points') }}
),

counted as (
    select
        model_version,
        feature,
        count(*) filter (where bin_kind = 'range') as range_count,
        count(*) filter (where bin_kind = 'category') as category_count,
        count(*) filter (where bin_kind = 'other') as other_count
    from bins
    group by model_version, feature
),

categories as (
    select
        model_version,
        feature,
        {{ elements('categories') }} as category
    from bins
    where bin_kind = 'category'
)

select
    model_version,
    feature,
    cast(null as string) as category
from counted
where
    (range_count = 0 and other_count != 1)
    or (range_count > 0 and category_count + other_count > 0)
union all
select
    model_version,
    feature,
    category
from categories
group by model_version, feature, category
having count(*) > 1
