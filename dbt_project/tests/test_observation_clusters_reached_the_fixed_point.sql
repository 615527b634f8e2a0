-- Centroids that still moved in the last step are not k-means: another
-- kmeans_max_iterations would give other labels.
select
    cluster,
    last_move
from {{ ref('int_observation_clusters__fitted') }}
where last_move > 0
