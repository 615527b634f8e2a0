-- With no accepted row everything behind it is empty, and an empty report
-- looks like a quiet day.
select accepted
from (select count(*) as accepted from {{ ref('stg_raw__transactions') }}) as counted
where accepted = 0
