with transactions as (
    select * from {{ ref('int_transactions__cleaned') }}
),

hashed as (
    select
        cast(transacted_at as date) as transacted_on,
        {{ row_hash([
            'customer_id', 'transacted_at', 'amount', 'product_category',
            'channel_id', 'pricing_strategy',
        ]) }} as row_hash
    from transactions
),

int_days__fingerprinted as (
    select
        transacted_on,
        count(*) as transaction_count,
        sum(row_hash) as content_hash
    from hashed
    group by transacted_on
)

select * from int_days__fingerprinted
