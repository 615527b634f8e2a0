with recursive points as (
    select
        recency,
        frequency,
        monetary
    from {{ ref('int_observation_engagement__scaled') }}
    where is_fitted_on
),

{{ kmeans(output='int_observation_clusters__fitted') }}

select * from int_observation_clusters__fitted
