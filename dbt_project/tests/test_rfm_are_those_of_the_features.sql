-- Segments are counted per snapshot: a customer lost or doubled on the way, or one with
-- the sums of another, moves every count.
with features as (
    select * from {{ ref('fct_customer_features') }}
),

rfm as (
    select * from {{ ref('fct_customer_rfm') }}
)

select
    coalesce(features.customer_id, rfm.customer_id) as customer_id,
    coalesce(features.snapshot_date, rfm.snapshot_date) as snapshot_date
from features
full outer join rfm
    on
        features.customer_id = rfm.customer_id
        and features.snapshot_date = rfm.snapshot_date
where
    features.recency_days is distinct from rfm.recency_days
    or features.transaction_count is distinct from rfm.transaction_count
    or features.total_value is distinct from rfm.total_value
