with source as (
    select * from {{ source('decisions', 'logs') }}
),

stg_decisions__logs as (
    select
        -- ids
        writer,

        -- numerics
        size_bytes,
        record_count,
        torn_count
    from source
)

select * from stg_decisions__logs
