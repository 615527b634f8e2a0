with source as (
    select * from {{ source('raw', 'transactions') }}
),

stg_raw__transactions as (
    select
        -- ids
        TransactionId as transaction_id,
        BatchId as batch_id,
        AccountId as account_id,
        SubscriptionId as subscription_id,
        CustomerId as customer_id,

        -- text
        coalesce(CurrencyCode, 'unknown') as currency_code,
        coalesce(CountryCode, 'unknown') as country_code,
        coalesce(ProviderId, 'unknown') as provider_id,
        coalesce(ProductId, 'unknown') as product_id,
        coalesce(ProductCategory, 'unknown') as product_category,
        coalesce(ChannelId, 'unknown') as channel_id,
        coalesce(PricingStrategy, 'unknown') as pricing_strategy,
        source_file,

        -- numerics
        Amount as amount,
        coalesce(Value, abs(Amount)) as stated_value,
        source_row,

        -- booleans
        Value is null as is_stated_value_imputed,
        FraudResult = 1 as is_fraud,

        -- timestamps
        TransactionStartTime as transacted_at,
        landed_at
    from source
)

select * from stg_raw__transactions
