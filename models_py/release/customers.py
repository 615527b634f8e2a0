"""The customers of a release: one packed vector each, all of it SQL."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from release.errors import ReleaseError
from release.warehouse import Warehouse, sql_name, sql_text

CATEGORY_CODES = """
create or replace temporary table category_codes (
    feature varchar,
    category varchar,
    code double
)
"""

CATEGORY_VALUES = """
insert into category_codes
select
    ? as feature,
    category,
    row_number() over (order by category) - 1 as code
from (
    select distinct {column} as category
    from warehouse.marts.fct_customer_features
    where split = 'score' and {column} is not null
)
"""

FROZEN_CUSTOMERS = """
create or replace temporary view frozen_customers as
select
    scores.customer_id,
    scores.status,
    scores.not_scored_reason,
    scores.status = 'scored'
    and features.customer_id is null as lacks_features,
    case when scores.status = 'scored' then [
        {vector}
    ] end as features
from warehouse.marts.fct_customer_scores as scores
left join warehouse.marts.fct_customer_features as features
    on
        scores.customer_id = features.customer_id
        and scores.snapshot_date = features.snapshot_date
        and features.split = 'score'
{code_joins}
"""

CODE_JOIN = """
left join category_codes as {codes}
    on features.{column} = {codes}.category and {codes}.feature = {feature}
"""

# One value to read for a lookup, not 26: those take a list two fifths longer. In SQL,
# feature n is cast(cast(features[8 * n - 7:8 * n] as bit) as double).
PACKED = """
list_reduce(
    list_transform(
        features,
        lambda value:
            cast(cast(coalesce(value, cast('nan' as double)) as bit) as blob)
    ),
    lambda packed, value: packed || value
)
"""

# JSON writes the shortest text that reads back as the same double, so equal
# digests mean equal vectors.
CONTENT = """
select
    count(*) as customers,
    count(*) filter (where status = 'scored') as scored,
    count(*) filter (where lacks_features) as without_features,
    count(*) filter (where not isfinite(list_sum(features))) as not_finite,
    (
        select count(*)
        from warehouse.marts.fct_customer_features as features
        left join warehouse.marts.fct_customer_scores as scores
            on features.customer_id = scores.customer_id
        where features.split = 'score' and scores.status is distinct from 'scored'
    ) as without_score,
    sha256(string_agg(
        sha256(cast(to_json({
            'customer_id': customer_id,
            'status': status,
            'not_scored_reason': not_scored_reason,
            'features': features
        }) as varchar)),
        '' order by customer_id
    )) as digest
from frozen_customers
"""


@dataclass(frozen=True, slots=True)
class FrozenCustomers:
    """What is known of the customers before they are written.

    Attributes
    ----------
    categories
        Per categorical feature its values, sorted; the index is the code.
    customers, scored
        Number of customers, and of those with a score.
    digest
        SHA-256 over ids, statuses and vectors, in the order of ids.
    """

    categories: dict[str, list[str]]
    customers: int
    scored: int
    digest: str

    @property
    def not_scored(self) -> int:
        """Number of known customers without a score."""
        return self.customers - self.scored


def freeze_customers(warehouse: Warehouse) -> FrozenCustomers:
    """Define the view ``frozen_customers`` and measure what is in it.

    Raises
    ------
    ReleaseError
        If scored customers and those with features are not the same, or a feature
        is not finite.
    """
    contract = warehouse.rows(
        "select name, kind from warehouse.seeds.feature_contract order by position"
    )
    kinds = {str(row["name"]): str(row["kind"]) for row in contract}
    categorical = [name for name, kind in kinds.items() if kind == "categorical"]
    categories = _encode_categories(warehouse, categorical)
    warehouse.connection.execute(_frozen_customers_sql(kinds))
    content = warehouse.row(CONTENT) or {}
    if content["without_features"] or content["without_score"]:
        message = (
            f"{warehouse.path}: of the scored customers {content['without_features']} "
            "have no row in marts.fct_customer_features, and "
            f"{content['without_score']} with a row have no score; "
            "run dbt build --select tag:scoring"
        )
        raise ReleaseError(message)
    if content["not_finite"]:
        message = (
            f"{warehouse.path}: of the scored customers {content['not_finite']} "
            "have a feature that is not finite; run dbt build again"
        )
        raise ReleaseError(message)
    return FrozenCustomers(
        categories=categories,
        customers=content["customers"],
        scored=content["scored"],
        digest=content["digest"],
    )


def write_customers(warehouse: Warehouse, path: Path) -> None:
    """Write the frozen customers into a new DuckDB file with a unique index.

    Features are packed: 26 doubles of 8 bytes, big-endian, in contract order; a missing
    one is not a number (no feature is).

    Raises
    ------
    ReleaseError
        If two rows have the same customer id.
    """
    connection = warehouse.connection
    connection.execute(f"attach {sql_text(str(path))} as release")
    # Each lookup reads the id: compressed, that would decompress its neighbours too.
    connection.execute(
        """
        create table release.customers (
            customer_id varchar not null using compression uncompressed,
            status varchar not null,
            not_scored_reason varchar,
            features blob
        )
        """
    )
    connection.execute(
        f"""
        insert into release.customers
        select customer_id, status, not_scored_reason, {PACKED} as features
        from frozen_customers
        order by customer_id
        """  # noqa: S608 (constant)
    )
    try:
        connection.execute(
            "create unique index customers_by_id on release.customers (customer_id)"
        )
    except duckdb.ConstraintException as error:
        message = (
            f"{warehouse.path}: marts.fct_customer_scores has two rows of one "
            "customer; run dbt test"
        )
        raise ReleaseError(message) from error
    connection.execute("detach release")


def _encode_categories(
    warehouse: Warehouse, features: list[str]
) -> dict[str, list[str]]:
    warehouse.connection.execute(CATEGORY_CODES)
    for name in features:
        statement = CATEGORY_VALUES.format(column=sql_name(name))
        warehouse.connection.execute(statement, [name])
    codes = warehouse.rows("from category_codes order by feature, code")
    return {
        name: [row["category"] for row in codes if row["feature"] == name]
        for name in features
    }


def _frozen_customers_sql(kinds: dict[str, str]) -> str:
    vector = []
    code_joins = []
    for name, kind in kinds.items():
        codes = sql_name(f"{name}_codes")
        if kind == "categorical":
            vector.append(f"{codes}.code")
            code_joins.append(
                CODE_JOIN.format(
                    codes=codes, column=sql_name(name), feature=sql_text(name)
                )
            )
        else:
            vector.append(f"cast(features.{sql_name(name)} as double)")
    return FROZEN_CUSTOMERS.format(
        vector=",\n        ".join(vector), code_joins="".join(code_joins)
    )
