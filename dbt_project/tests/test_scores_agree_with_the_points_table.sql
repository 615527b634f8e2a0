-- The independent form: unpivot the features, join each value to its bin, sum; one
-- bin per feature, neither none nor two.
-- The CASE expressions were generated from the same table when dbt compiled;
-- a difference means that scores are not what the table says.
{{ config(tags='scoring') }}

with features as (
    select *
    from {{ ref('fct_customer_features') }}
    where split = 'score'
),

scores as (
    select * from {{ ref('int_customers__scored') }}
),

bins as (
    select * from {{ ref('stg_model__scorecard_points') }}
),

cards as (
    select
        model_version,
        count(distinct feature) as feature_count
    from bins
    group by model_version
),

long_values as (
    {%- for feature in feature_names() %}
    select
        customer_id,
        '{{ feature }}' as feature,
        {%- if feature in numeric_features() %}
        {{ feature }} as number_value,
        cast(null as string) as text_value
        {%- else %}
        cast(null as double) as number_value,
        {{ feature }} as text_value
        {%- endif %}
    from features
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

listed as (
    select
        model_version,
        feature,
        flatten(array_agg(categories)) as categories
    from bins
    where bin_kind = 'category'
    group by model_version, feature
),

looked_up as (
    select
        scores.customer_id,
        count(*) as bin_count,
        sum(bins.points) as score
    from scores
    inner join long_values on scores.customer_id = long_values.customer_id
    inner join bins
        on
            scores.model_version = bins.model_version
            and long_values.feature = bins.feature
    left join listed
        on
            bins.model_version = listed.model_version
            and bins.feature = listed.feature
    where
        case bins.bin_kind
            when 'missing'
                then long_values.number_value is null and long_values.text_value is null
            when 'range'
                then
                    long_values.number_value is not null
                    and (bins.lower is null or long_values.number_value >= bins.lower)
                    and (bins.upper is null or long_values.number_value < bins.upper)
            when 'category' then array_contains(bins.categories, long_values.text_value)
            when 'other'
                then
                    long_values.text_value is not null
                    and not coalesce(
                        array_contains(listed.categories, long_values.text_value), false
                    )
        end
    group by scores.customer_id
)

select
    scores.customer_id,
    scores.score,
    looked_up.score as looked_up_score
from scores
left join cards on scores.model_version = cards.model_version
left join looked_up on scores.customer_id = looked_up.customer_id
where
    scores.score is null
    or looked_up.score is null
    or looked_up.bin_count is distinct from cards.feature_count
    or abs(scores.score - looked_up.score) > 1e-9
