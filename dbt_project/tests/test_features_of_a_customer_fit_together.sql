-- What holds for any list of purchases: a feature that breaks it was computed
-- from other rows than its neighbours. The tolerances are of doubles.
select
    customer_id,
    snapshot_date
from {{ ref('fct_customer_features') }}
where
    min_value > median_value + 1e-6
    or median_value > max_value + 1e-6
    or max_value > total_value + 1e-6
    or abs(net_amount) > total_value + 1e-6
    or abs(avg_value * transaction_count - total_value) > 1e-9 * total_value + 1e-6
    or recency_days > tenure_days
    or active_days > transaction_count
    or transaction_count_7d > transaction_count
    or value_7d > total_value + 1e-6
    or product_category_count > transaction_count
    or airtime_share + financial_services_share + utility_bill_share > 1 + 1e-9
    or (transaction_count = 1) != (std_value is null)
    or (transaction_count = 1) != (avg_gap_days is null)
    or (total_value = 0) != (value_trend is null)
