with files as (
    select * from {{ source('raw', 'files') }}
),

transactions as (
    select * from {{ ref('fct_transactions') }}
),

rejected_rows as (
    select * from {{ ref('stg_raw__rejected_rows') }}
),

parameters as (
    select * from {{ ref('dim_parameters') }}
),

landed as (
    select
        count(*) as file_count,
        coalesce(sum(input_rows), 0) as input_row_count,
        coalesce(bool_and(data_kind = 'simulated'), false) as is_simulated
    from files
),

rejected as (
    select count(*) as rejected_row_count from rejected_rows
),

accepted as (
    select
        count(*) as transaction_count,
        count(distinct customer_id) as customer_count,
        cast(sum(absolute_amount) as double) as total_value,
        cast(count(*) filter (where is_credit) as double) / count(*) as credit_share,
        count(distinct currency_code) as currency_count,
        min(currency_code) as first_currency_code
    from transactions
),

warehouse_overview as (
    select
        landed.is_simulated,
        landed.file_count,
        landed.input_row_count,
        accepted.transaction_count,
        rejected.rejected_row_count,
        accepted.customer_count,
        accepted.total_value,
        accepted.credit_share,
        accepted.currency_count,
        accepted.first_currency_code,
        parameters.data_start,
        parameters.data_end,
        parameters.days_covered,
        parameters.days_needed,
        parameters.observation_days,
        parameters.outcome_days,
        parameters.data_time_zone,
        parameters.label_source
    from parameters
    cross join landed
    cross join accepted
    cross join rejected
)

select * from warehouse_overview
