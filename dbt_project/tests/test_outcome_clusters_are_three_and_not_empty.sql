-- Fewer than three distinct points leave a cluster empty, and "the least
-- engaged cluster" becomes everybody. Without train rows there are no clusters.
with counted as (
    select
        count(*) as cluster_count,
        count(*) filter (where point_count > 0) as filled_count
    from {{ ref('int_outcome_clusters__fitted') }}
)

select *
from counted
where
    cluster_count > 0
    and filled_count != 3
