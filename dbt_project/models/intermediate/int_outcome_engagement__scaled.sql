with outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

scaler as (
    select * from {{ ref('int_outcome_scaler__fitted') }}
),

{{ scaled_engagement(
    rows='outcomes', scaler='scaler', output='int_outcome_engagement__scaled'
) }}

select * from int_outcome_engagement__scaled
