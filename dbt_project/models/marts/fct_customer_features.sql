{{ config(materialized='view') }}

with features as (
    select * from {{ ref('int_customer_features__computed') }}
),

snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

fct_customer_features as (
    select
        features.customer_id,
        features.snapshot_date,
        snapshots.split,
        {%- for feature in feature_names() %}
        features.{{ feature }},
        {%- endfor %}
        '{{ parameters_hash() }}' as parameters_hash
    from features
    inner join snapshots on features.snapshot_date = snapshots.snapshot_date
)

select * from fct_customer_features
