with outcomes as (
    select * from {{ ref('int_outcomes__aggregated') }}
),

{{ scaled_engagement(
    rows='outcomes', output='int_outcome_engagement__scaled'
) }}

select * from int_outcome_engagement__scaled
