with source as (
    select * from {{ source('raw', 'outcomes') }}
),

stg_raw__outcomes as (
    select
        -- ids
        CustomerId as customer_id,

        -- text
        source_file,

        -- numerics
        source_row,

        -- timestamps
        DefaultedAt as defaulted_at
    from source
)

select * from stg_raw__outcomes
