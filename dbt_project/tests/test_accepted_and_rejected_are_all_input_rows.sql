-- A row that is neither accepted nor listed as rejected was lost in landing.
with input as (
    select coalesce(sum(input_rows), 0) as row_count from {{ source('raw', 'files') }}
),

accepted as (
    select count(*) as row_count from {{ ref('stg_raw__transactions') }}
),

rejected as (
    select count(*) as row_count from {{ ref('stg_raw__rejected_rows') }}
)

select
    input.row_count as input_rows,
    accepted.row_count as accepted_rows,
    rejected.row_count as rejected_rows
from input
cross join accepted
cross join rejected
where input.row_count != accepted.row_count + rejected.row_count
