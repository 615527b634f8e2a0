-- A gap leaves customers without a segment; an overlap doubles them.
with scores as (
    select unnested as score
    from (select {{ integers_to(var('rfm_quantiles') ~ ' - 1') }} + 1 as unnested) as numbers
),

segments as (
    select * from {{ ref('rfm_segments') }}
),

matched as (
    select
        recency.score as recency_score,
        frequency.score as frequency_score,
        count(segments.segment) as segment_count
    from scores as recency
    cross join scores as frequency
    left join segments
        on
            recency.score >= segments.recency_from
            and recency.score <= segments.recency_to
            and frequency.score >= segments.frequency_from
            and frequency.score <= segments.frequency_to
    group by recency.score, frequency.score
)

select *
from matched
where segment_count != 1
