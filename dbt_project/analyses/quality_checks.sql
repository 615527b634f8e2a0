with transactions as (
    select * from {{ ref('fct_transactions') }}
),

counted as (
    select
        count(*) as row_count,
        count(*) filter (where absolute_amount = 0) as zero_count,
        count(*) filter (where is_credit) as credit_count,
        count(*) filter (where stated_value <> absolute_amount) as value_differs_count,
        count(*) filter (where is_fraud) as fraud_count
    from transactions
),

repeats as (
    select coalesce(sum(copies - 1), 0) as repeat_count
    from (
        select count(*) as copies
        from transactions
        group by customer_id, transacted_at, amount, product_id
    ) as alike
),

quality_checks as (
    select
        'amounts of zero' as finding,
        zero_count as concerned_count,
        row_count
    from counted
    union all
    select
        'credits (amount below zero)' as finding,
        credit_count as concerned_count,
        row_count
    from counted
    union all
    select
        'stated values unlike the amount' as finding,
        value_differs_count as concerned_count,
        row_count
    from counted
    union all
    select
        'fraud flags of the platform' as finding,
        fraud_count as concerned_count,
        row_count
    from counted
    union all
    select
        'repeats (same customer, time, amount, product)' as finding,
        repeats.repeat_count as concerned_count,
        counted.row_count
    from counted
    cross join repeats
)

select * from quality_checks
order by concerned_count desc, finding asc
