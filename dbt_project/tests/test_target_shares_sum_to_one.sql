-- Shares that do not sum to one shift the cut-off away from what was decided.
select sum(target_share) as total_share
from {{ ref('rating_scale') }}
having abs(sum(target_share) - 1) > 1e-9
