{%- set bins_per_decade = 5 -%}
with transactions as (
    select * from {{ ref('fct_transactions') }}
),

-- A logarithm has no bin for zero; quality_checks counts those rows.
placed as (
    select
        is_credit,
        absolute_amount,
        cast(floor(log10(absolute_amount) * {{ bins_per_decade }}) as integer) as bin_index
    from transactions
    where absolute_amount > 0
),

amount_histogram as (
    select
        is_credit,
        bin_index,
        pow(10, bin_index / {{ bins_per_decade }}e0) as lower_bound,
        pow(10, (bin_index + 1) / {{ bins_per_decade }}e0) as upper_bound,
        count(*) as transaction_count,
        cast(sum(absolute_amount) as double) as total_value
    from placed
    group by is_credit, bin_index
)

select * from amount_histogram
order by is_credit, bin_index
