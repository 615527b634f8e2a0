-- A train label that reaches past the test snapshot has seen the test window:
-- out-of-time figures would flatter.
with snapshots as (
    select * from {{ ref('dim_snapshots') }}
),

test_snapshot as (
    select snapshot_date
    from snapshots
    where split = 'test'
)

select snapshots.snapshot_date
from snapshots
cross join test_snapshot
where
    snapshots.split = 'train'
    and snapshots.outcome_end > test_snapshot.snapshot_date
