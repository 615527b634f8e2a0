with outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

{{ fitted_scaler(rows='outcomes', output='int_outcome_scaler__fitted') }}

select * from int_outcome_scaler__fitted
