with recursive points as (
    select
        recency,
        frequency,
        monetary
    from {{ ref('int_outcome_engagement__scaled') }}
    where is_fitted_on
),

{{ kmeans(output='int_outcome_clusters__fitted') }}

select * from int_outcome_clusters__fitted
