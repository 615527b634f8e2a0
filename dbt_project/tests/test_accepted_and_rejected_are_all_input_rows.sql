-- A row that is neither accepted nor listed as rejected was lost in landing. File by
-- file: what one file lost is not made good by what another has twice.
with input as (
    select * from {{ source('raw', 'files') }}
),

landed as (
    select source_file from {{ ref('stg_raw__transactions') }}
    union all
    select source_file from {{ ref('stg_raw__rejected_rows') }}
),

counted as (
    select
        source_file,
        count(*) as row_count
    from landed
    group by source_file
)

select
    coalesce(input.source_file, counted.source_file) as source_file,
    coalesce(input.input_rows, 0) as input_rows,
    coalesce(counted.row_count, 0) as landed_rows
from input
full outer join counted on input.source_file = counted.source_file
where coalesce(input.input_rows, 0) != coalesce(counted.row_count, 0)
