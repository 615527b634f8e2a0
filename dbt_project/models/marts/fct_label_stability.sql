with scenarios as (
    select * from {{ ref('int_label_scenarios__fitted') }}
),

cells as (
    select
        *,
        row_number() over (
            order by is_inactive, recency, frequency, monetary, weight
        ) as cell
    from {{ ref('int_label_cells__resampled') }}
    where bootstrap = 0
),

centroids as (
    {{ centroids_side_by_side('scenarios', clusters=5, keys=[
        'scenario', 'is_inactive_included', 'cluster_count', 'bootstrap', 'inertia_per_row'
    ]) | indent(4) }}
),

distances as (
    select
        centroids.scenario,
        centroids.is_inactive_included,
        centroids.cluster_count,
        centroids.bootstrap,
        centroids.inertia_per_row,
        cells.cell,
        cells.weight,
        cells.high_risk_count,
        {{- squared_distances('cells', 'centroids', clusters=5) | indent(4) }}
    from centroids
    inner join cells
        on
            centroids.is_inactive_included
            or not cells.is_inactive
),

labelled as (
    select
        *,
        {{ nearest_cluster(clusters=5) | indent(8) }} = 0 as is_high_risk
    from distances
),

compared as (
    select
        *,
        is_high_risk != bool_or(is_high_risk and cluster_count = 3 and bootstrap = 0) over (
            partition by is_inactive_included, cell
        ) as is_baseline_flipped
    from labelled
),

fct_label_stability as (
    select
        scenario,
        is_inactive_included,
        cluster_count,
        bootstrap,
        cast(sum(weight) as bigint) as row_count,
        cast(sum(weight) filter (where is_high_risk) as double)
        / sum(weight) as high_risk_rate,
        cast(
            sum(case when is_high_risk then weight - high_risk_count else high_risk_count end)
            as double
        ) / sum(weight) as flip_rate,
        cast(coalesce(sum(weight) filter (where is_baseline_flipped), 0) as double)
        / sum(weight) as baseline_flip_rate,
        inertia_per_row
    from compared
    group by scenario, is_inactive_included, cluster_count, bootstrap, inertia_per_row
)

select * from fct_label_stability
