{{ config(tags='scoring') }}

{%- set bins = champion_bins() %}

with points as (
    select * from {{ ref('int_customer_points__looked_up') }}
),

champion as (
    select * from {{ ref('int_champion__promoted') }}
),

grades as (
    select * from {{ ref('stg_model__rating_scale') }}
),

summed as (
    select
        customer_id,
        snapshot_date,
        model_version,
        -- Without coalesce: a value that no bin takes leaves no score, not a lower one.
        {%- for feature in feature_names() if feature in bins %}
        {{ feature }}_points +
        {%- endfor %}
        0e0 as score
    from points
),

int_customers__scored as (
    select
        summed.customer_id,
        summed.snapshot_date,
        summed.model_version,
        summed.score,
        1 / (1 + exp((summed.score - champion.score_offset) / champion.score_factor))
            as proxy_probability,
        grades.grade,
        grades.action
    from summed
    inner join champion on summed.model_version = champion.model_version
    left join grades
        on
            summed.model_version = grades.model_version
            and (grades.lower is null or summed.score >= grades.lower)
            and (grades.upper is null or summed.score < grades.upper)
)

select * from int_customers__scored
