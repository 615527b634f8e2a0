-- Old data score customers as they were. A warning: an old file may be meant.
{{ config(severity='warn') }}

with period as (
    select
        data_end,
        {{ date_difference('data_end', 'current_date') }} as days_old
    from {{ ref('int_data_period__measured') }}
),

files as (
    select count(*) as raw_count
    from {{ source('raw', 'files') }}
    where data_kind = 'raw'
)

select
    period.data_end,
    period.days_old
from period
cross join files
where
    period.days_old > {{ var('data_age_warn_days') }}
    and files.raw_count > 0
