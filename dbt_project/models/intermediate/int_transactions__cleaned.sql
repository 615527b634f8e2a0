{{ config(materialized='view') }}

with transactions as (
    select * from {{ ref('stg_raw__transactions') }}
),

localised as (
    select
        *,
        {{ local_time('transacted_at') }} as local_transacted_at
    from transactions
),

int_transactions__cleaned as (
    select
        transaction_id,
        customer_id,
        batch_id,
        account_id,
        subscription_id,
        currency_code,
        country_code,
        provider_id,
        product_id,
        product_category,
        channel_id,
        pricing_strategy,
        amount,
        abs(amount) as absolute_amount,
        stated_value,
        is_stated_value_imputed,
        amount < 0 as is_credit,
        is_fraud,
        transacted_at,
        cast(local_transacted_at as date) as local_date,
        cast(extract(year from local_transacted_at) as integer) as local_year,
        cast(extract(month from local_transacted_at) as integer) as local_month,
        cast(extract(week from local_transacted_at) as integer) as local_iso_week,
        cast(extract(day from local_transacted_at) as integer) as local_day,
        cast({{ iso_weekday('local_transacted_at') }} as integer) as local_iso_weekday,
        cast(extract(hour from local_transacted_at) as integer) as local_hour,
        source_file,
        source_row
    from localised
)

select * from int_transactions__cleaned
