with points as (
    select * from {{ ref('int_label_points__joined') }}
    where is_fitted_on
),

{{ kmeans_bins('points') }}

customers as (
    select distinct customer_id
    from points
),

bootstraps as (
    select cast(number as integer) as bootstrap
    from (select {{ integers_to(var('label_bootstraps')) }} as number) as numbers
),

uniforms as (
    select
        customers.customer_id,
        bootstraps.bootstrap,
        {{ uniform_hash("concat_ws(':', customers.customer_id, bootstraps.bootstrap)") }}
            as uniform
    from customers
    cross join bootstraps
),

-- By customer: the rows of one customer are drawn together.
weights as (
    select
        customer_id,
        bootstrap,
        case when bootstrap = 0 then 1 else {{ poisson_quantile('uniform') }} end as weight
    from uniforms
),

int_label_cells__resampled as (
    select
        weights.bootstrap,
        binned.is_inactive,
        {{- weighted_point('weights.weight') | indent(4) }},
        sum(
            weights.weight * (
                binned.recency * binned.recency
                + binned.frequency * binned.frequency
                + binned.monetary * binned.monetary
            )
        ) as sum_squares,
        count(*) filter (where binned.is_high_risk) as high_risk_count
    from binned
    inner join weights on binned.customer_id = weights.customer_id
    where weights.weight > 0
    group by
        weights.bootstrap,
        binned.is_inactive,
        binned.recency_bin,
        binned.frequency_bin,
        binned.monetary_bin
)

select * from int_label_cells__resampled
