with source as (
    select * from {{ source('decisions', 'records') }}
),

stg_decisions__reviews as (
    select
        -- ids
        review_id,
        decision_id,
        writer,
        record_hash,

        -- text
        actor,
        author,
        outcome,
        reason,

        -- numerics
        sequence,

        -- timestamps
        recorded_at as reviewed_at
    from source
    where kind = 'review'
)

select * from stg_decisions__reviews
