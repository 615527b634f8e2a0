-- Old data score customers as they were. A warning: an old file may be meant.
{{ config(severity='warn') }}

with period as (
    select * from {{ ref('int_data_period__measured') }}
),

files as (
    select * from {{ source('raw', 'files') }}
)

select
    data_end,
    {{ date_difference('data_end', 'current_date') }} as days_old
from period
where
    {{ date_difference('data_end', 'current_date') }} > {{ var('data_age_warn_days') }}
    and exists (select 1 from files where data_kind = 'raw')
