with features as (
    select * from {{ ref('int_customer_features__computed') }}
),

segments as (
    select * from {{ ref('rfm_segments') }}
),

scored as (
    select
        customer_id,
        snapshot_date,
        recency_days,
        transaction_count,
        total_value,
        {{ quantile_score('recency_days', 'desc') }} as recency_score,
        {{ quantile_score('transaction_count', 'asc') }} as frequency_score,
        {{ quantile_score('total_value', 'asc') }} as monetary_score
    from features
),

fct_customer_rfm as (
    select
        scored.customer_id,
        scored.snapshot_date,
        scored.recency_days,
        scored.transaction_count,
        scored.total_value,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        segments.segment
    from scored
    left join segments
        on
            scored.recency_score >= segments.recency_from
            and scored.recency_score <= segments.recency_to
            and scored.frequency_score >= segments.frequency_from
            and scored.frequency_score <= segments.frequency_to
)

select * from fct_customer_rfm
