with transactions as (
    select * from {{ ref('fct_transactions') }}
),

rejected_rows as (
    select * from {{ ref('stg_raw__rejected_rows') }}
),

accepted as (
    select
        'accepted' as fate,
        count(*) as row_count
    from transactions
),

rejected as (
    select
        rejection_reason as fate,
        count(*) as row_count
    from rejected_rows
    group by rejection_reason
),

input_rows_by_fate as (
    select
        fate,
        row_count,
        true as is_accepted
    from accepted
    union all
    select
        fate,
        row_count,
        false as is_accepted
    from rejected
)

select * from input_rows_by_fate
order by is_accepted desc, row_count desc, fate asc
