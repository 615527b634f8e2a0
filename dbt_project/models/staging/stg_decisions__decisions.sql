with source as (
    select * from {{ source('decisions', 'records') }}
),

stg_decisions__decisions as (
    select
        -- ids
        decision_id,
        customer_id,
        idempotency_key_hash,
        release_id,
        manifest_hash,
        model_version,
        writer,
        record_hash,
        previous_hash,

        -- text
        actor,
        target,
        data,
        disclaimer,
        status,
        not_scored_reason,
        grade,
        action,
        reasons,
        reason_reference,
        wording_version,
        features,
        points,

        -- numerics
        sequence,
        amount,
        snapshot_age_days,
        score,
        score_shown,
        proxy_probability,

        -- timestamps
        snapshot_date,
        recorded_at as decided_at
    from source
    where kind = 'decision'
)

select * from stg_decisions__decisions
