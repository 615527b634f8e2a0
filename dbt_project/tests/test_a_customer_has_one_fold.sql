-- Folds keep customers apart: one in two folds is learnt from and measured on, and every
-- figure of unseen customers flatters.
select customer_id
from {{ ref('fct_training_examples') }}
group by customer_id
having
    count(distinct customer_fold) > 1
    or min(customer_fold) < 0
    or max(customer_fold) >= {{ var('customer_folds') }}
