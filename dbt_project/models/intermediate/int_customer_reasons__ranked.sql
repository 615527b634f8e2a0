{{ config(tags='scoring') }}

with points as (
    select * from {{ ref('int_customer_points__looked_up') }}
),

references_of_features as (
    select * from {{ ref('stg_model__scorecard_features') }}
),

wording as (
    select distinct
        reason_code,
        customer_wording
    from {{ ref('feature_contract') }}
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

losses as (
    select
        long_points.customer_id,
        long_points.snapshot_date,
        references_of_features.reason_code,
        round(sum(references_of_features.reference_points - long_points.points), 9) as loss
    from long_points
    inner join references_of_features
        on
            long_points.model_version = references_of_features.model_version
            and long_points.feature = references_of_features.feature
    group by
        long_points.customer_id,
        long_points.snapshot_date,
        references_of_features.reason_code
),

int_customer_reasons__ranked as (
    select
        losses.customer_id,
        losses.snapshot_date,
        losses.reason_code,
        wording.customer_wording,
        losses.loss,
        row_number() over (
            partition by losses.customer_id, losses.snapshot_date
            order by losses.loss desc, losses.reason_code asc
        ) as reason_rank
    from losses
    inner join wording on losses.reason_code = wording.reason_code
    where losses.loss > 0
)

select * from int_customer_reasons__ranked
