{%- set deviations = 1.96 -%}
with labels as (
    select * from {{ ref('fct_customer_labels') }}
),

rfm as (
    select * from {{ ref('fct_customer_rfm') }}
),

-- One snapshot, so that each customer counts once; train, so that nobody learns
-- from the test snapshot by looking at it.
last_train_snapshot as (
    select max(snapshot_date) as snapshot_date
    from labels
    where split = 'train'
),

last_train as (
    select
        customer_id,
        snapshot_date,
        is_high_risk
    from labels
    where snapshot_date = (select newest.snapshot_date from last_train_snapshot as newest)
),

counted as (
    select
        rfm.segment,
        cast(count(*) as double) as customer_count,
        cast(count(*) filter (where last_train.is_high_risk) as double) as event_count
    from last_train
    inner join rfm
        on
            last_train.customer_id = rfm.customer_id
            and last_train.snapshot_date = rfm.snapshot_date
    group by rfm.segment
),

rated as (
    select
        segment,
        customer_count,
        event_count,
        event_count / customer_count as event_rate,
        {{ deviations }} * {{ deviations }} / customer_count as widening
    from counted
),

-- Wilson's 95 % interval: it stays within 0 and 1 in small segments.
label_by_segment as (
    select
        segment,
        customer_count,
        event_count,
        event_rate,
        (event_rate + widening / 2) / (1 + widening)
        - sqrt(event_rate * (1 - event_rate) * widening + widening * widening / 4)
        / (1 + widening) as lower_rate,
        (event_rate + widening / 2) / (1 + widening)
        + sqrt(event_rate * (1 - event_rate) * widening + widening * widening / 4)
        / (1 + widening) as upper_rate,
        sum(event_count) over () / sum(customer_count) over () as overall_rate
    from rated
)

select * from label_by_segment
order by event_rate desc, segment asc
