-- Features read [observation_start, snapshot_date), labels
-- [snapshot_date, outcome_end): a label inside the observation window is the
-- circular design that this project exists to avoid.
select snapshot_date
from {{ ref('dim_snapshots') }}
where
    observation_start >= snapshot_date
    or outcome_end <= snapshot_date
    or {{ date_difference('observation_start', 'snapshot_date') }} != {{ var('observation_days') }}
    or {{ date_difference('snapshot_date', 'outcome_end') }} != {{ var('outcome_days') }}
