with transactions as (
    select * from {{ ref('int_transactions__observed') }}
),

aggregated as (
    select
        customer_id,
        snapshot_date,
        count(*) as transaction_count,
        count(distinct product_category) as product_category_count,
        count(*) filter (where product_category = 'airtime') as airtime_count,
        count(*) filter (where product_category = 'financial_services')
            as financial_services_count,
        count(*) filter (where product_category = 'utility_bill') as utility_bill_count
    from transactions
    group by customer_id, snapshot_date
),

int_mix__aggregated as (
    select
        customer_id,
        snapshot_date,
        cast(product_category_count as double) as product_category_count,
        cast(airtime_count as double) / transaction_count as airtime_share,
        cast(financial_services_count as double)
        / transaction_count as financial_services_share,
        cast(utility_bill_count as double) / transaction_count as utility_bill_share
    from aggregated
)

select * from int_mix__aggregated
