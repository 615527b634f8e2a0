-- Training reads the examples alone: a label lost on the way leaves a customer out of
-- every figure, and features of another snapshot teach what could not be known.
with labels as (
    select * from {{ ref('fct_customer_labels') }}
),

features as (
    select * from {{ ref('fct_customer_features') }}
),

examples as (
    select * from {{ ref('fct_training_examples') }}
)

select
    coalesce(labels.customer_id, examples.customer_id) as customer_id,
    coalesce(labels.snapshot_date, examples.snapshot_date) as snapshot_date
from labels
full outer join examples
    on
        labels.customer_id = examples.customer_id
        and labels.snapshot_date = examples.snapshot_date
left join features
    on
        labels.customer_id = features.customer_id
        and labels.snapshot_date = features.snapshot_date
where
    labels.split is distinct from examples.split
    or labels.customer_fold is distinct from examples.customer_fold
    or labels.is_high_risk is distinct from examples.is_high_risk
    {%- for feature in feature_names() %}
    or features.{{ feature }} is distinct from examples.{{ feature }}
    {%- endfor %}
