-- Fewer than three distinct points leave a cluster empty, and "the least
-- engaged cluster" becomes everybody.
with fitted_on as (
    select
        assigned.cluster,
        count(*) as point_count
    from {{ ref('int_observation_clusters__assigned') }} as assigned
    inner join {{ ref('int_observation_engagement__scaled') }} as points
        on
            assigned.customer_id = points.customer_id
            and assigned.snapshot_date = points.snapshot_date
    where points.is_fitted_on
    group by assigned.cluster
),

counted as (
    select
        count(*) as cluster_count,
        coalesce(sum(point_count), 0) as point_count
    from fitted_on
)

select *
from counted
where
    cluster_count != 3
    and point_count > 0
