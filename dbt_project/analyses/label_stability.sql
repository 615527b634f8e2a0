with stability as (
    select * from {{ ref('fct_label_stability') }}
),

-- Three clusters over the customers as they are is what the others are held to.
label_stability as (
    select
        is_inactive_included,
        cluster_count,
        bootstrap > 0 as is_redrawn,
        count(*) as scenario_count,
        max(row_count) as row_count,
        min(baseline_flip_rate) as lowest_flip_rate,
        median(baseline_flip_rate) as median_flip_rate,
        max(baseline_flip_rate) as highest_flip_rate
    from stability
    where cluster_count <> 3 or bootstrap > 0
    group by is_inactive_included, cluster_count, bootstrap > 0
)

select * from label_stability
order by is_inactive_included desc, is_redrawn desc, cluster_count asc
