with observations as (
    select * from {{ ref('int_observation_engagement__joined') }}
),

{{ fitted_scaler(rows='observations', output='int_observation_scaler__fitted') }}

select * from int_observation_scaler__fitted
