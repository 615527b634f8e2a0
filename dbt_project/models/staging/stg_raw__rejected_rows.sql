with source as (
    select * from {{ source('raw', 'rejected_rows') }}
),

stg_raw__rejected_rows as (
    select
        -- text
        source_file,
        rejected_text,
        rejection_reason,

        -- numerics
        source_row,

        -- timestamps
        landed_at
    from source
)

select * from stg_raw__rejected_rows
