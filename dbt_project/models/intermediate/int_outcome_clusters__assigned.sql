with points as (
    select * from {{ ref('int_outcome_engagement__scaled') }}
),

clusters as (
    select * from {{ ref('int_outcome_clusters__fitted') }}
),

distances as (
    select
        points.customer_id,
        points.snapshot_date,
        clusters.cluster,
        {{ squared_distance('points', 'clusters') }} as squared_distance
    from points
    cross join clusters
),

int_outcome_clusters__assigned as (
    select
        customer_id,
        snapshot_date,
        cluster
    from distances
    -- Equal distances go to the less engaged cluster.
    qualify row_number() over (
        partition by customer_id, snapshot_date
        order by squared_distance, cluster
    ) = 1
)

select * from int_outcome_clusters__assigned
