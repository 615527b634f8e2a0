-- A customer without a label is missing from training and from every rate, one with
-- two counts double. What the label says of the outcome window is what was summed.
-- Without train rows nothing was clustered, and nobody has a label.
with outcomes as (
    select
        customer_id,
        snapshot_date,
        transaction_count,
        total_value
    from {{ ref('int_outcome_windows__aggregated') }}
    where (select count(*) from {{ ref('int_outcome_clusters__fitted') }}) > 0
),

labels as (
    select
        customer_id,
        snapshot_date,
        count(is_high_risk) as label_count,
        min(outcome_transaction_count) as transaction_count,
        min(outcome_total_value) as total_value
    from {{ ref('fct_customer_labels') }}
    group by customer_id, snapshot_date
)

select
    coalesce(outcomes.customer_id, labels.customer_id) as customer_id,
    coalesce(outcomes.snapshot_date, labels.snapshot_date) as snapshot_date
from outcomes
full outer join labels
    on
        outcomes.customer_id = labels.customer_id
        and outcomes.snapshot_date = labels.snapshot_date
where
    labels.label_count is distinct from 1
    or outcomes.transaction_count is distinct from labels.transaction_count
    or outcomes.total_value is distinct from labels.total_value
