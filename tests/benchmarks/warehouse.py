"""DuckDB for the benchmark: the settings of profiles.yml, and what is compared."""

import duckdb

from pipeline.errors import PipelineError
from tests.benchmarks.workbench import Json

TOLERANCE = 1e-9
COMPARED = (
    "fct_customer_features",
    "fct_customer_rfm",
    "fct_customer_labels",
    "fct_training_examples",
)


def connect(path: str, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open a new or existing file with the settings that dbt uses."""
    connection = duckdb.connect(path)
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"set memory_limit = '{memory_limit}'")
    return connection


def described(*, warehouse: str) -> Json:
    """Rows, customers and snapshots of a warehouse that dbt has warehouse."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        rows, customers = _one(
            connection,
            "select count(*), count(distinct CustomerId) from raw.transactions",
        )
        snapshots = connection.execute(
            "select cast(snapshot_date as varchar), split "
            "from marts.dim_snapshots order by snapshot_date"
        ).fetchall()
    return {"rows": rows, "customers": customers, "snapshots": dict(snapshots)}


def fingerprint(*, warehouse: str) -> Json:
    """Row count and a sum of row hashes of each mart: equal rows, equal sums."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return {
            mart: [
                str(value)
                for value in _one(
                    connection,
                    "select count(*), sum(cast(hash(mart) as hugeint)) "
                    f"from marts.{mart} as mart",
                )
            ]
            for mart in COMPARED
        }


def require_same_features(
    connection: duckdb.DuckDBPyConnection,
    *,
    relation: str,
    warehouse: str,
    snapshot: str,
) -> None:
    """Hold a relation to the rows of fct_customer_features of one snapshot.

    Parameters
    ----------
    connection
        Where `relation` is: ``customer_id`` and the 26 features by name.
    relation
        What claims to be the features.
    warehouse
        A file that dbt has warehouse.
    snapshot
        ISO 8601 date.

    Raises
    ------
    PipelineError
        A customer is missing on one side, or a value differs by more than 1e-9
        (relative where it is above 1).
    """
    # Views name their database: it must be called as dbt called it.
    connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
    features = connection.execute(
        "select name, kind = 'numeric' from warehouse.seeds.feature_contract "
        "order by position"
    ).fetchall()
    differs = {
        name: (
            f"coalesce(abs(theirs.{name} - ours.{name}) "
            f"> {TOLERANCE} * greatest(1, abs(ours.{name})), "
            f"(theirs.{name} is null) != (ours.{name} is null))"
            if is_number
            else f"theirs.{name} is distinct from ours.{name}"
        )
        for name, is_number in features
    }
    counts = ", ".join(f"count(*) filter (where {text})" for text in differs.values())
    total, *differing = _one(
        connection,
        f"select count(*), {counts} from {relation} as theirs full join ("
        "select * from warehouse.marts.fct_customer_features "
        f"where snapshot_date = date '{snapshot}') as ours using (customer_id)",
    )
    connection.execute("detach warehouse")
    found = {name: n for name, n in zip(differs, differing, strict=True) if n}
    if found:
        raise PipelineError(
            f"{relation} and fct_customer_features differ on {snapshot}: "
            + ", ".join(f"{name} of {n} customers" for name, n in found.items())
            + f" (of {total})"
        )


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    row = connection.execute(sql).fetchone()
    if row is None:
        raise PipelineError(f"no row from: {sql}")
    return tuple(row)
