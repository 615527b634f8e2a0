with clusters as (
    select * from {{ ref('int_outcome_clusters__fitted') }}
),

scaler as (
    select * from {{ ref('int_outcome_scaler__fitted') }}
),

assigned as (
    select * from {{ ref('int_outcome_clusters__assigned') }}
),

outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

counted as (
    select
        assigned.cluster,
        count(*) as row_count,
        count(*) filter (where outcomes.transaction_count = 0) as inactive_count
    from assigned
    inner join outcomes
        on
            assigned.customer_id = outcomes.customer_id
            and assigned.snapshot_date = outcomes.snapshot_date
    group by assigned.cluster
),

fct_label_clusters as (
    select
        clusters.cluster,
        {%- for axis, column in engagement_columns().items() %}
        {{ stable(
            'exp(scaler.mean_' ~ axis ~ ' + scaler.scale_' ~ axis ~ ' * clusters.' ~ axis ~ ') - 1'
        ) | indent(8) }} as {{ column }},
        {%- endfor %}
        clusters.recency,
        clusters.frequency,
        clusters.monetary,
        clusters.engagement,
        clusters.point_count as fitted_row_count,
        coalesce(counted.row_count, 0) as row_count,
        coalesce(counted.row_count, 0) / sum(counted.row_count) over () as row_share,
        cast(counted.inactive_count as double) / counted.row_count as inactive_rate
    from clusters
    cross join scaler
    left join counted on clusters.cluster = counted.cluster
)

select * from fct_label_clusters
