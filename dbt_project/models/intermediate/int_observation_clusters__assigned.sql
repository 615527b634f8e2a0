with points as (
    select * from {{ ref('int_observation_engagement__scaled') }}
),

clusters as (
    select * from {{ ref('int_observation_clusters__fitted') }}
),

centroids as (
    {{ centroids_side_by_side('clusters') | indent(4) }}
),

distances as (
    select
        points.customer_id,
        points.snapshot_date,
        {{- squared_distances('points', 'centroids') | indent(4) }}
    from points
    cross join centroids
),

int_observation_clusters__assigned as (
    select
        customer_id,
        snapshot_date,
        {{ nearest_cluster() | indent(4) }} as cluster
    from distances
)

select * from int_observation_clusters__assigned
