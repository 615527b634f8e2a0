-- A log that is removed, or cut at its end, would silently be missing from
-- monitoring.
with log_ends as (
    select * from {{ source('decisions', 'log_ends') }}
),

records as (
    select * from {{ source('decisions', 'records') }}
)

select
    log_ends.writer,
    log_ends.record_count,
    log_ends.last_hash
from log_ends
left join records
    on
        log_ends.writer = records.writer
        and log_ends.record_count = records.sequence
        and log_ends.last_hash = records.record_hash
where records.writer is null
