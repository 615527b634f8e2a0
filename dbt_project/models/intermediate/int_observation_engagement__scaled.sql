with observations as (
    select * from {{ ref('int_observation_engagement__joined') }}
),

scaler as (
    select * from {{ ref('int_observation_scaler__fitted') }}
),

{{ scaled_engagement(
    rows='observations', scaler='scaler', output='int_observation_engagement__scaled'
) }}

select * from int_observation_engagement__scaled
