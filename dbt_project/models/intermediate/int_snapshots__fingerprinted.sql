with snapshots as (
    select * from {{ ref('int_snapshots__dated') }}
),

days as (
    select * from {{ ref('int_days__fingerprinted') }}
),

windows as (
    select
        snapshots.snapshot_date,
        snapshots.split,
        snapshots.observation_start,
        snapshots.outcome_end,
        sum(days.transaction_count) filter (
            where days.transacted_on < snapshots.snapshot_date
        ) as observed_count,
        sum(days.content_hash) filter (
            where days.transacted_on < snapshots.snapshot_date
        ) as observed_content,
        sum(days.transaction_count) as window_count,
        sum(days.content_hash) as window_content
    from snapshots
    inner join days
        on
            days.transacted_on >= snapshots.observation_start
            and days.transacted_on < snapshots.outcome_end
    group by
        snapshots.snapshot_date,
        snapshots.split,
        snapshots.observation_start,
        snapshots.outcome_end
),

int_snapshots__fingerprinted as (
    select
        snapshot_date,
        observed_count as transaction_count,
        md5(concat_ws(':', observation_start, observed_count, observed_content))
            as observation_hash,
        case
            when split in ('train', 'embargo', 'test')
                then md5(
                    concat_ws(
                        ':', observation_start, outcome_end,
                        observed_content, window_count, window_content
                    )
                )
        end as outcome_hash
    from windows
    where observed_count > 0
)

select * from int_snapshots__fingerprinted
