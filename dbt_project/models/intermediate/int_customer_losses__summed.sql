{{ config(materialized='view', tags='scoring') }}

with points as (
    select * from {{ ref('int_customer_points__looked_up') }}
),

reason_references as (
    select * from {{ ref('int_reason_references__computed') }}
),

long_points as (
    {%- for feature in feature_names() %}
    select
        customer_id,
        snapshot_date,
        model_version,
        '{{ feature }}' as feature,
        {{ feature }}_points as points
    from points
    where {{ feature }}_points is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

int_customer_losses__summed as (
    select
        long_points.customer_id,
        long_points.snapshot_date,
        reason_references.reason_code,
        {{ rounded('sum(reason_references.mean_points - long_points.points)', 9) }}
            as loss_against_mean,
        {{ rounded('sum(reason_references.cutoff_points - long_points.points)', 9) }}
            as loss_against_cutoff
    from long_points
    inner join reason_references
        on
            long_points.model_version = reason_references.model_version
            and long_points.feature = reason_references.feature
    group by
        long_points.customer_id,
        long_points.snapshot_date,
        reason_references.reason_code
)

select * from int_customer_losses__summed
