{%- set shown_categories = 10 -%}
{%- set fence_in_quartile_distances = 1.5 -%}
with transactions as (
    select * from {{ ref('fct_transactions') }}
),

counted as (
    select
        product_category,
        row_number() over (order by count(*) desc, product_category asc) as category_rank
    from transactions
    group by product_category
),

sized as (
    select
        case
            when counted.category_rank <= {{ shown_categories }} then transactions.product_category
            else '(all others)'
        end as product_category,
        log10(transactions.absolute_amount) as log_amount
    from transactions
    inner join counted on transactions.product_category = counted.product_category
    where transactions.absolute_amount > 0
),

spread as (
    select
        product_category,
        count(*) as transaction_count,
        quantile_cont(log_amount, 0.01) as p01,
        quantile_cont(log_amount, 0.25) as p25,
        quantile_cont(log_amount, 0.50) as p50,
        quantile_cont(log_amount, 0.75) as p75,
        quantile_cont(log_amount, 0.99) as p99,
        max(log_amount) as highest
    from sized
    group by product_category
),

-- Tukey's fence on the log scale, where the amounts are nearly symmetric.
beyond as (
    select
        sized.product_category,
        count(*) as outlier_count
    from sized
    inner join spread on sized.product_category = spread.product_category
    where
        sized.log_amount
        > spread.p75 + {{ fence_in_quartile_distances }} * (spread.p75 - spread.p25)
    group by sized.product_category
),

amount_spread_by_category as (
    select
        spread.product_category,
        spread.transaction_count,
        pow(10, spread.p01) as p01,
        pow(10, spread.p25) as p25,
        pow(10, spread.p50) as p50,
        pow(10, spread.p75) as p75,
        pow(10, spread.p99) as p99,
        pow(10, spread.highest) as highest,
        coalesce(beyond.outlier_count, 0) as outlier_count
    from spread
    left join beyond on spread.product_category = beyond.product_category
)

select * from amount_spread_by_category
order by p50 desc, product_category asc
