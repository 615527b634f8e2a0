"""Scores in SQL without the CASE expressions: each value joined to its bin.

It is the form of dbt's test_scores_agree_with_the_points_table, which holds the CASE
expressions of the champion to it at every scoring: so SQL can be compared with Python
for a version that no dbt run has scored yet.
"""

from collections.abc import Sequence

import duckdb
import numpy as np

from training.scorecard import Floats

SCORES = """
with features as (
    select * from marts.fct_customer_features
    where list_contains($splits, split)
),

bins as (
    select
        *,
        list(categories) filter (bin_kind = 'category')
            over (partition by feature) as listed
    from model.scorecard_points
    where model_version = $model_version
),

long_values as (
    {long_values}
)

select
    list_sum(
        -- In one order: a sum of doubles depends on it.
        list(coalesce(bins.points, 0) order by long_values.feature, bins.bin_index)
    ) as score
from long_values
left join bins
    on
        long_values.feature = bins.feature
        and case bins.bin_kind
            when 'missing'
                then long_values.number_value is null and long_values.text_value is null
            when 'range'
                then
                    long_values.number_value is not null
                    and (bins.lower is null or long_values.number_value >= bins.lower)
                    and (bins.upper is null or long_values.number_value < bins.upper)
            when 'category'
                then list_contains(bins.categories, long_values.text_value)
            when 'other'
                then
                    long_values.text_value is not null
                    and not coalesce(
                        list_contains(flatten(bins.listed), long_values.text_value),
                        false
                    )
        end
group by long_values.snapshot_date, long_values.customer_id
order by long_values.snapshot_date, long_values.customer_id
"""
LONG_VALUES = """
    select
        customer_id,
        snapshot_date,
        '{feature}' as feature,
        {number_value} as number_value,
        {text_value} as text_value
    from features
"""


def scores_in_sql(
    connection: duckdb.DuckDBPyConnection, model_version: str, splits: Sequence[str]
) -> Floats:
    """Score marts.fct_customer_features by a join with model.scorecard_points.

    A value that falls into no bin adds nothing, one that falls into two adds twice:
    the score is then not Python's.

    Returns
    -------
    array of shape (rows,)
        In order of snapshot_date and customer_id.
    """
    features = connection.execute(
        "select feature, bool_or(bin_kind = 'range') from model.scorecard_points"
        " where model_version = ? group by feature order by feature",
        [model_version],
    ).fetchall()
    long_values = "    union all".join(
        LONG_VALUES.format(
            feature=name,
            number_value=name if is_number else "cast(null as double)",
            text_value="cast(null as varchar)" if is_number else name,
        )
        for name, is_number in features
    )
    found = connection.execute(
        SCORES.format(long_values=long_values),
        {"model_version": model_version, "splits": list(splits)},
    ).fetchnumpy()
    return np.asarray(found["score"], dtype=float)
