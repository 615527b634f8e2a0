"""The SQL yardsticks: what one would write by hand, without dbt and its promises."""

import time
from pathlib import Path

from tests.benchmarks.warehouse import connect, require_same_features
from tests.benchmarks.workbench import Json

# 26 features of one snapshot, straight from the file: literals of this data set where
# the project has vars and a contract, no rejects, no fingerprints, no tests.
FEATURES = """
with transactions as (
    select
        CustomerId as customer_id,
        cast(TransactionStartTime as timestamp) as moment,
        Amount as amount,
        abs(Amount) as value,
        ProductCategory as category,
        ChannelId as channel,
        cast(PricingStrategy as varchar) as strategy
    from '{parquet}'
    where
        moment >= timestamp '{snapshot}' - interval 28 day
        and moment < timestamp '{snapshot}'
),

numbers as (
    select
        customer_id,
        date_diff('microsecond', max(moment), timestamp '{snapshot}') / 86400e6
            as recency_days,
        count(*) as transaction_count,
        sum(value) as total_value,
        avg(value) as avg_value,
        stddev_samp(value) as std_value,
        min(value) as min_value,
        max(value) as max_value,
        median(value) as median_value,
        sum(amount) as net_amount,
        count(*) filter (where amount < 0) / count(*) as credit_share,
        date_diff('microsecond', min(moment), timestamp '{snapshot}') / 86400e6
            as tenure_days,
        count(distinct cast(moment as date)) as active_days,
        date_diff('microsecond', min(moment), max(moment)) / 86400e6
            / nullif(count(*) - 1, 0) as avg_gap_days,
        count(*) filter (where hour(moment) >= 22 or hour(moment) < 6) / count(*)
            as night_share,
        count(*) filter (where isodow(moment) >= 6) / count(*) as weekend_share,
        count(*) filter (where moment >= timestamp '{snapshot}' - interval 7 day)
            as transaction_count_7d,
        coalesce(
            sum(value) filter (where moment >= timestamp '{snapshot}' - interval 7 day),
            0
        ) as value_7d,
        count(*) filter (where moment >= timestamp '{snapshot}' - interval 14 day)
            / count(*) as transaction_count_trend,
        coalesce(
            sum(value)
                filter (where moment >= timestamp '{snapshot}' - interval 14 day),
            0
        ) / nullif(sum(value), 0) as value_trend,
        count(distinct category) as product_category_count,
        count(*) filter (where category = 'airtime') / count(*) as airtime_share,
        count(*) filter (where category = 'financial_services') / count(*)
            as financial_services_share,
        count(*) filter (where category = 'utility_bill') / count(*)
            as utility_bill_share
    from transactions
    group by customer_id
),

categories as (
    select customer_id, arg_min(category, (-n, category)) as main_product_category
    from (select customer_id, category, count(*) as n from transactions group by all)
    group by customer_id
),

channels as (
    select customer_id, arg_min(channel, (-n, channel)) as main_channel
    from (select customer_id, channel, count(*) as n from transactions group by all)
    group by customer_id
),

strategies as (
    select customer_id, arg_min(strategy, (-n, strategy)) as main_pricing_strategy
    from (select customer_id, strategy, count(*) as n from transactions group by all)
    group by customer_id
)

select *
from numbers
join categories using (customer_id)
join channels using (customer_id)
join strategies using (customer_id)
"""


def features(
    *, parquet: str, snapshots: list[str], warehouse: str, memory_limit: str, file: str
) -> Json:
    """Time the query for each snapshot; hold the last one's rows to the mart.

    Returns
    -------
    dict
        ``seconds``, summed over snapshots, and ``per_snapshot``.
    """
    Path(file).unlink(missing_ok=True)
    seconds: dict[str, float] = {}
    with connect(file, memory_limit) as connection:
        for snapshot in snapshots:
            query = FEATURES.format(parquet=parquet, snapshot=snapshot)
            started = time.monotonic()
            connection.execute(f"create or replace table by_hand as {query}")
            seconds[snapshot] = time.monotonic() - started
        require_same_features(
            connection,
            relation="by_hand",
            warehouse=warehouse,
            snapshot=snapshots[-1],
        )
    Path(file).unlink()
    return {"seconds": sum(seconds.values()), "per_snapshot": seconds}


def plain_table(*, source: str, memory_limit: str, file: str) -> Json:
    """Time ``create table as select`` of a CSV or Parquet file, types guessed."""
    Path(file).unlink(missing_ok=True)
    with connect(file, memory_limit) as connection:
        started = time.monotonic()
        connection.execute(f"create table transactions as select * from '{source}'")
        seconds = time.monotonic() - started
    Path(file).unlink()
    return {"seconds": seconds}
