with examples as (
    select * from {{ ref('fct_training_examples') }}
),

-- One snapshot, so that each customer counts once; train, so that nobody learns
-- from the test snapshot by looking at it.
last_train_snapshot as (
    select max(snapshot_date) as snapshot_date
    from examples
    where split = 'train'
),

last_train as (
    select *
    from examples
    where snapshot_date = (select newest.snapshot_date from last_train_snapshot as newest)
),

listed as (
    {%- for feature in numeric_features() %}
    select
        {{ loop.index }} as position,
        '{{ feature }}' as feature,
        {{ feature }} as feature_value,
        is_high_risk,
        is_high_risk_same_window
    from last_train
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        position,
        feature,
        is_high_risk,
        is_high_risk_same_window,
        (
            rank() over (partition by feature order by feature_value)
            + count(*) over (partition by feature order by feature_value)
        ) / 2e0 as mean_rank
    from listed
    where feature_value is not null
),

summed as (
    select
        position,
        feature,
        count(*) as customer_count,
        count(*) filter (where is_high_risk) as event_count,
        sum(mean_rank) filter (where is_high_risk) as event_ranks,
        count(*) filter (where is_high_risk_same_window) as same_window_count,
        sum(mean_rank) filter (where is_high_risk_same_window) as same_window_ranks
    from ranked
    group by position, feature
),

-- Mann and Whitney: the share of pairs, one of each class, in which the high risk
-- customer has the higher value; ties count half.
measured as (
    select
        position,
        feature,
        customer_count,
        (event_ranks - event_count * (event_count + 1) / 2e0)
        / nullif(event_count * (customer_count - event_count), 0) as raw_auc,
        (same_window_ranks - same_window_count * (same_window_count + 1) / 2e0)
        / nullif(same_window_count * (customer_count - same_window_count), 0) as raw_same_window_auc
    from summed
),

feature_auc_by_label as (
    select
        position,
        feature,
        customer_count,
        raw_auc >= 0.5 as is_riskier_when_high,
        greatest(raw_auc, 1 - raw_auc) as auc,
        greatest(raw_same_window_auc, 1 - raw_same_window_auc) as same_window_auc
    from measured
)

select * from feature_auc_by_label
order by auc desc, position asc
