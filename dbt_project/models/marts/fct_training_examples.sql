{#- The comment tells training which dbt run made these rows. -#}
{{ config(post_hook="comment on table {{ this }} is 'dbt {{ invocation_id }}'") }}

with features as (
    select * from {{ ref('fct_customer_features') }}
),

labels as (
    select * from {{ ref('fct_customer_labels') }}
),

fct_training_examples as (
    select
        labels.customer_id,
        labels.snapshot_date,
        labels.split,
        labels.customer_fold,
        labels.is_high_risk,
        labels.is_high_risk_same_window,
        {%- for feature in feature_names() %}
        features.{{ feature }},
        {%- endfor %}
        labels.parameters_hash
    from labels
    inner join features
        on
            labels.customer_id = features.customer_id
            and labels.snapshot_date = features.snapshot_date
)

select * from fct_training_examples
