with rfm as (
    select * from {{ ref('fct_customer_rfm') }}
),

segments as (
    select * from {{ ref('rfm_segments') }}
),

parameters as (
    select * from {{ ref('dim_parameters') }}
),

scores as (
    select cast(1 + {{ integers_to('rfm_quantiles - 1') }} as integer) as score
    from parameters
),

latest as (
    select
        snapshot_date,
        recency_score,
        frequency_score,
        recency_days,
        transaction_count
    from rfm
    where snapshot_date = (select max(newest.snapshot_date) from rfm as newest)
),

totals as (
    select
        snapshot_date,
        cast(count(*) as double) as customer_count
    from latest
    group by snapshot_date
),

counted as (
    select
        recency_score,
        frequency_score,
        count(*) as customer_count,
        median(recency_days) as median_recency_days,
        median(transaction_count) as median_transaction_count
    from latest
    group by recency_score, frequency_score
),

rfm_grid as (
    select
        recency.score as recency_score,
        frequency.score as frequency_score,
        segments.segment,
        coalesce(counted.customer_count, 0) as customer_count,
        coalesce(counted.customer_count, 0) / totals.customer_count as customer_share,
        counted.median_recency_days,
        counted.median_transaction_count,
        totals.snapshot_date
    from scores as recency
    cross join scores as frequency
    cross join totals
    left join segments
        on
            recency.score >= segments.recency_from
            and recency.score <= segments.recency_to
            and frequency.score >= segments.frequency_from
            and frequency.score <= segments.frequency_to
    left join counted
        on
            recency.score = counted.recency_score
            and frequency.score = counted.frequency_score
)

select * from rfm_grid
order by recency_score, frequency_score
