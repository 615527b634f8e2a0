{{ config(materialized='view') }}

with cells as (
    select * from {{ ref('int_label_cells__resampled') }}
),

numbers as (
    select distinct
        cells.bootstrap,
        counts.cluster_count
    from cells
    cross join (values (2), (3), (4), (5)) as counts (cluster_count)
    where
        cells.bootstrap = 0
        or counts.cluster_count = 3
),

variants as (
    select
        *,
        true as is_inactive_included
    from numbers
    union all
    select
        *,
        false as is_inactive_included
    from numbers
),

int_label_scenarios__listed as (
    select
        row_number() over (
            order by is_inactive_included desc, cluster_count asc, bootstrap asc
        ) as scenario,
        is_inactive_included,
        cluster_count,
        bootstrap
    from variants
)

select * from int_label_scenarios__listed
