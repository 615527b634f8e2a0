"""Batch scoring: the project's compiled SQL beside OptBinning on the same rows."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import duckdb

from pipeline.errors import PipelineError
from tests.benchmarks.warehouse import connect
from tests.benchmarks.workbench import Json

P = ParamSpec("P")

POINTS = "int_customer_points__looked_up"
SCORES = "int_customers__scored"
PARITY = "test_scores_agree_with_the_points_table"
COPIED = (
    "intermediate.int_champion__promoted",
    "staging.stg_model__rating_scale",
    "staging.stg_model__scorecard_points",
)


def score(
    *, data_dir: str, customers: int, memory_limit: str, file: str, rounds: int = 3
) -> Json:
    """Score the features of a trained DATA_DIR, repeated to `customers` rows.

    Parameters
    ----------
    data_dir
        Where dbt has built the scoring models with a champion.
    customers
        Rows to score.
    memory_limit
        Of DuckDB.
    file
        A DuckDB file that is made and removed.
    rounds
        Repetitions, SQL and OptBinning in turn.

    Returns
    -------
    dict
        Rows, and the customers that they repeat. Median seconds: of points per
        feature and of scores, probabilities and grades from them, in memory as
        ``Scorecard.score`` is; of both written to a file; of ``Scorecard.score``; and
        once of the independent form.

    Raises
    ------
    PipelineError
        The two SQL forms disagree.
    """
    Path(file).unlink(missing_ok=True)
    compiled = Path(data_dir) / "target" / "compiled" / "bati"
    steps = {
        name: _sql(compiled / "models" / "intermediate" / f"{name}.sql")
        for name in (POINTS, SCORES)
    }
    with connect(":memory:", memory_limit) as connection:
        card = _prepare(connection, f"{data_dir}/warehouse.duckdb", customers)
        connection.execute(f"attach '{file}' as stored")
        scorecard = _optbinning(f"{data_dir}/warehouse.duckdb", card)
        (distinct,) = connection.execute(
            "select count(distinct split_part(customer_id, '#', 1)) "
            "from marts.fct_customer_features"
        ).fetchall()[0]
        frame = connection.execute(
            f"select {', '.join(card)} from marts.fct_customer_features"
        ).df()

        def create(schema: str, name: str) -> float:
            return _seconds(
                connection.execute,
                f"create or replace table {schema}.{name} as {steps[name]}",
            )

        taken: dict[str, list[float]] = {}
        for _ in range(rounds):
            one = {
                "points_seconds": create("intermediate", POINTS),
                "scores_seconds": create("intermediate", SCORES),
                "optbinning_seconds": _seconds(scorecard.score, frame),
                "stored_seconds": create("stored", POINTS) + create("stored", SCORES),
            }
            for name, seconds in one.items():
                taken.setdefault(name, []).append(seconds)
        parity = _sql(compiled / "tests" / f"{PARITY}.sql")
        independent = _seconds(require_no_rows, connection, parity)
    Path(file).unlink()
    middle = {name: sorted(seconds)[rounds // 2] for name, seconds in taken.items()}
    return {
        "seconds": middle["points_seconds"] + middle["scores_seconds"],
        "customers": customers,
        "distinct_customers": distinct,
        "features_in_card": len(card),
        **middle,
        "independent_form_seconds": independent,
    }


def _seconds(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    started = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # OptBinning's, of pandas to come
        function(*args, **kwargs)
    return time.monotonic() - started


def require_no_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise PipelineError with the first score on which the two forms differ."""
    differing = connection.execute(sql).fetchall()
    if differing:
        raise PipelineError(
            f"{len(differing)} scores differ between the CASE form and the points "
            f"table, the first: {differing[0]}"
        )


def _sql(path: Path) -> str:
    """Read a compiled model; it names its database, here it reads memory."""
    return path.read_text(encoding="utf-8").replace('"warehouse".', '"memory".')


def _prepare(
    connection: duckdb.DuckDBPyConnection, warehouse: str, customers: int
) -> list[str]:
    """Copy the model's tables and repeat the features; return the card's features."""
    connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
    for schema in ("marts", "intermediate", "staging"):
        connection.execute(f"create schema {schema}")
    for table in COPIED:
        connection.execute(f"create table {table} as select * from warehouse.{table}")
    connection.execute(
        "create table marts.fct_customer_features as "
        "with scored as ("
        "select * from warehouse.marts.fct_customer_features where split = 'score') "
        "select scored.* replace (customer_id || '#' || copy as customer_id) "
        "from scored cross join (select unnest(range(cast(ceil("
        f"{customers} / (select count(*) from scored)) as bigint))) as copy) "
        f"limit {customers}"
    )
    card = connection.execute(
        "select feature from warehouse.staging.stg_model__scorecard_features "
        "semi join intermediate.int_champion__promoted using (model_version) "
        "order by position"
    ).fetchall()
    connection.execute("detach warehouse")
    return [name for (name,) in card]


def _optbinning(warehouse: str, card: list[str]) -> Any:  # noqa: ANN401 (untyped)
    """Fit OptBinning's scorecard on the same examples and features."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from optbinning import BinningProcess, Scorecard
        from sklearn.linear_model import LogisticRegression

        with duckdb.connect(warehouse, read_only=True) as connection:
            train = connection.execute(
                f"select {', '.join(card)}, is_high_risk "
                "from marts.fct_training_examples where split = 'train'"
            ).df()
        return Scorecard(
            binning_process=BinningProcess(variable_names=card),
            estimator=LogisticRegression(),
            scaling_method="pdo_odds",
            scaling_method_params={"pdo": 20, "odds": 50, "scorecard_points": 600},
        ).fit(
            train[card],
            train["is_high_risk"].astype(int),
            metric_special="empirical",
            metric_missing="empirical",
        )
