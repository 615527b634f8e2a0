with counted as (
    select * from {{ ref('int_label_events__counted') }}
),

rated as (
    select
        *,
        high_risk_event_count / nullif(cast(high_risk_count as double), 0)
            as high_risk_event_rate,
        low_risk_event_count / nullif(cast(low_risk_count as double), 0)
            as low_risk_event_rate,
        high_risk_event_count
        / nullif(cast(high_risk_event_count + low_risk_event_count as double), 0)
            as share_of_events_found,
        (high_risk_count - high_risk_event_count)
        / nullif(
            cast(
                high_risk_count - high_risk_event_count
                + low_risk_count - low_risk_event_count as double
            ), 0
        ) as share_of_others_flagged
    from counted
),

fct_label_comparisons as (
    select
        snapshot_date,
        split,
        outcome,
        high_risk_count,
        low_risk_count,
        high_risk_event_count,
        low_risk_event_count,
        high_risk_event_rate,
        low_risk_event_rate,
        cast(high_risk_event_count * (low_risk_count - low_risk_event_count) as double)
        / nullif((high_risk_count - high_risk_event_count) * low_risk_event_count, 0)
            as odds_ratio,
        (1 + share_of_events_found - share_of_others_flagged) / 2 as auc
    from rated
)

select * from fct_label_comparisons
