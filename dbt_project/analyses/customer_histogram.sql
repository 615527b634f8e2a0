{%- set bins_per_decade = 5 -%}
with transactions as (
    select * from {{ ref('fct_transactions') }}
),

customers as (
    select
        customer_id,
        count(*) as transaction_count,
        cast(sum(absolute_amount) as double) as total_value
    from transactions
    group by customer_id
),

measured as (
    select
        'transaction_count' as measure,
        cast(transaction_count as double) as measured_value
    from customers
    union all
    select
        'total_value' as measure,
        total_value as measured_value
    from customers
),

placed as (
    select
        measure,
        measured_value,
        median(measured_value) over (partition by measure) as median_value,
        max(measured_value) over (partition by measure) as max_value,
        cast(floor(log10(measured_value) * {{ bins_per_decade }}) as integer) as bin_index
    from measured
    where measured_value > 0
),

customer_histogram as (
    select
        measure,
        bin_index,
        pow(10, bin_index / {{ bins_per_decade }}e0) as lower_bound,
        pow(10, (bin_index + 1) / {{ bins_per_decade }}e0) as upper_bound,
        count(*) as customer_count,
        max(median_value) as median_value,
        max(max_value) as max_value
    from placed
    group by measure, bin_index
)

select * from customer_histogram
order by measure desc, bin_index asc
