{{ config(materialized='view') }}

with transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

fct_transactions as (
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
        absolute_amount,
        stated_value,
        is_stated_value_imputed,
        is_credit,
        is_fraud,
        transacted_at,
        local_date,
        local_year,
        local_month,
        local_iso_week,
        local_day,
        local_iso_weekday,
        local_hour,
        source_file,
        source_row
    from transactions
)

select * from fct_transactions
