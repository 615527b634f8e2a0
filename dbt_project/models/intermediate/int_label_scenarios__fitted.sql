with recursive resampled as (
    select * from {{ ref('int_label_cells__resampled') }}
),

scenarios as (
    select * from {{ ref('int_label_scenarios__listed') }}
),

cells as (
    select
        scenarios.scenario,
        scenarios.cluster_count,
        resampled.recency,
        resampled.frequency,
        resampled.monetary,
        resampled.sum_recency,
        resampled.sum_frequency,
        resampled.sum_monetary,
        resampled.weight,
        resampled.sum_squares
    from scenarios
    inner join resampled on scenarios.bootstrap = resampled.bootstrap
    where
        scenarios.is_inactive_included
        or not resampled.is_inactive
),

{{ kmeans_best('cells', starts=8, clusters=5) }}

-- What cells leave out of inertia: how far points lie from their cell's mean.
within_cells as (
    select
        scenario,
        sum(weight) as weight,
        sum(
            sum_squares
            - weight * (recency * recency + frequency * frequency + monetary * monetary)
        ) as inertia
    from cells
    group by scenario
),

int_label_scenarios__fitted as (
    select
        scenarios.scenario,
        scenarios.is_inactive_included,
        scenarios.cluster_count,
        scenarios.bootstrap,
        numbered.cluster,
        numbered.recency,
        numbered.frequency,
        numbered.monetary,
        -numbered.recency + numbered.frequency + numbered.monetary as engagement,
        {{ stable('(numbered.inertia + within_cells.inertia) / within_cells.weight')
            | indent(8) }} as inertia_per_row
    from numbered
    inner join scenarios on numbered.scenario = scenarios.scenario
    inner join within_cells on numbered.scenario = within_cells.scenario
)

select * from int_label_scenarios__fitted
