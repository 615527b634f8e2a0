"""Placing customers in the bins of any version, champion or not.

The card asks how many customers of a snapshot fall into each bin and grade, and which
reasons they would be given. Scores of the champion are in marts.fct_customer_scores;
this works for every version, and a test holds the two together.
"""

from collections.abc import Sequence

import duckdb

from training.card.parts import Row

VALUED = {
    "numeric": """
        select customer_id, split, feature, amount, null::varchar as category
        from customers unpivot include nulls (amount for feature in ({names}))
    """,
    "categorical": """
        select customer_id, split, feature, null::double as amount, category
        from customers unpivot include nulls (category for feature in ({names}))
    """,
}

PLACED = """
    create or replace temp table placed as
    with customers as (
        select *
        from marts.fct_customer_features
        where split in ('test', 'score')
    ),

    valued as (
        {valued}
    ),

    points as (
        select *
        from model.scorecard_points
        where model_version = $version
    ),

    listed as (
        select
            feature,
            unnest(categories) as category
        from points
    )

    select
        valued.split,
        valued.customer_id,
        valued.feature,
        points.bin_index,
        points.points
    from valued
    left join listed
        on valued.feature = listed.feature and valued.category = listed.category
    inner join points
        on
            valued.feature = points.feature
            and case points.bin_kind
                when 'missing' then valued.amount is null and valued.category is null
                when 'range'
                    then
                        valued.amount >= coalesce(points.lower, '-infinity'::double)
                        and (points.upper is null or valued.amount < points.upper)
                when 'category' then list_contains(points.categories, listed.category)
                else valued.category is not null and listed.category is null
            end
"""

BINS = """
    select
        split,
        feature,
        bin_index,
        count(*) as row_count
    from placed
    group by split, feature, bin_index
"""

GRADES = """
    with scores as (
        select
            split,
            customer_id,
            sum(points) as score
        from placed
        group by split, customer_id
    )

    select
        scores.split,
        grades.grade,
        count(*) as row_count
    from scores
    inner join model.rating_scale as grades
        on
            grades.model_version = $version
            and (grades.lower is null or scores.score >= grades.lower)
            and (grades.upper is null or scores.score < grades.upper)
    group by scores.split, grades.grade
"""

# As the policy ranks losses against the mean: summed per code, rounded, above zero.
REASONS = """
    with losses as (
        select
            placed.customer_id,
            features.reason_code,
            round(sum(features.reference_points - placed.points), 9) as loss
        from placed
        inner join model.scorecard_features as features
            on
                features.model_version = $version
                and features.feature = placed.feature
        where placed.split = 'score'
        group by placed.customer_id, features.reason_code
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by customer_id
                order by loss desc, reason_code
            ) as place
        from losses
        where loss > 0
    )

    select
        reason_code,
        count(*) filter (where place = 1) as first_count,
        count(*) filter (where place <= $reasons_at_most) as given_count,
        round(avg(loss) filter (where place <= $reasons_at_most), 6) as mean_loss
    from ranked
    group by reason_code
    having given_count > 0
    order by given_count desc, reason_code
"""


def place_customers(
    connection: duckdb.DuckDBPyConnection, features: Sequence[Row], version: str
) -> None:
    """Write temporary table `placed`: test and score customers by feature of the card.

    Parameters
    ----------
    features
        Of the card, each with name and kind.
    """
    parts = []
    for kind, template in VALUED.items():
        names = ", ".join(f'"{f["name"]}"' for f in features if f["kind"] == kind)
        if names:
            parts.append(template.format(names=names))
    query = PLACED.format(valued="union all".join(parts))
    connection.execute(query, {"version": version})
