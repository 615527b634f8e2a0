"""What the label is, how steady, and what the score says of what happened.

Marts answer; what is added here are intervals, and the creditworthiness behind
simulated customers, which is in no table.
"""

from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import spearmanr

from training.auc import with_interval
from training.audit import queries
from training.audit.names import (
    COLUMNS,
    DEFAULT,
    FRAUD,
    LABEL,
    LATENT,
    LATENT_FILE,
    RISKIEST_SHARE,
    SCORE,
    SIMULATED,
    SUPPLIED,
)
from training.errors import TrainingError
from training.examples import Examples
from training.metrics import Target
from training.scorecard import Floats
from training.settings import Settings
from training.warehouse import open_warehouse

Json = dict[str, Any]

MISSING = {
    FRAUD: "the data has no FraudResult",
    DEFAULT: "there is no outcomes/*.csv with CustomerId and DefaultedAt",
    LATENT: "it is known of simulated customers only, from simulated/latent.csv",
}
ONE_CLASS = "nobody or everybody had it"


@dataclass(frozen=True)
class Comparison:
    """One predictor against one outcome at the test snapshot.

    `source` is supplied or simulated; where there is no AUC, `missing` says why.
    """

    predictor: str
    outcome: str
    row_count: int
    source: str | None = None
    event_count: int | None = None
    auc: float | None = None
    lower: float | None = None
    upper: float | None = None
    missing: str | None = None


@dataclass(frozen=True)
class Proxy:
    """The proxy audit; what marts say stands as their rows.

    `rank_correlation` is Spearman's, of score and creditworthiness.
    """

    target_name: str
    label_source: str
    is_simulated: bool
    by_snapshot: list[Json]
    clusters: list[Json]
    stability: list[Json]
    label_against_outcomes: list[Json]
    model_version: str
    snapshot_date: str
    comparisons: list[Comparison]
    rank_correlation: float | None


def measure_proxy(examples: Examples, settings: Settings) -> Proxy:
    """Measure the label, and the champion's score at the test snapshot.

    Raises
    ------
    TrainingError
        If the champion's scores are not there yet, or a table is missing.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        is_simulated = bool(rows_of(connection, queries.IS_SIMULATED)[0]["simulated"])
        scores = connection.execute(queries.SCORES).df()
        if scores.empty:
            raise TrainingError(
                "marts.fct_score_outcomes is empty: there is no champion, or it has"
                " not scored yet; make run first"
            )
        latent = _latent_risk(connection, settings, is_simulated=is_simulated)
        return Proxy(
            target_name=examples.target_name,
            label_source=examples.label_source,
            is_simulated=is_simulated,
            by_snapshot=rows_of(connection, queries.LABEL_BY_SNAPSHOT),
            clusters=rows_of(connection, queries.LABEL_CLUSTERS),
            stability=rows_of(connection, queries.LABEL_STABILITY),
            label_against_outcomes=rows_of(connection, queries.LABEL_AGAINST_OUTCOMES),
            model_version=str(scores["model_version"].iloc[0]),
            snapshot_date=str(scores["snapshot_date"].iloc[0]),
            comparisons=compared(
                scores, latent, settings, SIMULATED if is_simulated else SUPPLIED
            ),
            rank_correlation=(
                None
                if latent is None
                else float(spearmanr(-scores["score"], latent).statistic)
            ),
        )


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Json]:
    """Run a query; its rows by column name."""
    result = connection.execute(query)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def compared(
    scores: pd.DataFrame, latent: Floats | None, settings: Settings, source: str
) -> list[Comparison]:
    """Score against each outcome, then label and latent risk against default."""
    customers = scores["customer_id"].to_numpy(dtype=object)
    events = {outcome: events_of(scores[column]) for outcome, column in COLUMNS.items()}
    risks = {
        SCORE: -scores["score"].to_numpy(dtype=float),
        LABEL: scores["is_high_risk"].to_numpy(dtype=float),
    }
    if latent is None:
        events[LATENT] = None
    else:
        risks[LATENT] = latent
        events[LATENT] = latent >= np.quantile(latent, 1 - RISKIEST_SHARE)
    wanted = [(SCORE, outcome) for outcome in events]
    wanted += [(predictor, DEFAULT) for predictor in risks if predictor != SCORE]
    return [
        _comparison(
            predictor,
            outcome,
            risks[predictor],
            events[outcome],
            customers,
            settings,
            source,
        )
        for predictor, outcome in wanted
    ]


def _comparison(
    predictor: str,
    outcome: str,
    risk: Floats,
    events: Target | None,
    customers: npt.NDArray[np.object_],
    settings: Settings,
    source: str,
) -> Comparison:
    described = Comparison(predictor, outcome, len(risk), source)
    if events is None:
        return replace(described, source=None, missing=MISSING[outcome])
    counted = replace(described, event_count=int(events.sum()))
    measured = with_interval(
        events,
        {predictor: risk},
        customers,
        resamples=settings.bootstrap_resamples,
        seed=settings.seed,
    )[predictor]
    if measured.auc is None:
        return replace(counted, missing=ONE_CLASS)
    return replace(
        counted, auc=measured.auc, lower=measured.lower, upper=measured.upper
    )


def events_of(column: "pd.Series[Any]") -> Target | None:
    """Turn a column that is missing as a whole, or nowhere, into an array or None."""
    return None if column.isna().any() else column.to_numpy(dtype=bool)


def _latent_risk(
    connection: duckdb.DuckDBPyConnection, settings: Settings, *, is_simulated: bool
) -> Floats | None:
    """Read minus the creditworthiness of the scored customers, in their order.

    A customer of the bank may have the id of a simulated one: the file is only read
    beside simulated transactions.
    """
    path = settings.data_dir / LATENT_FILE
    if not (is_simulated and path.is_file()):
        return None
    values = connection.execute(queries.LATENT, {"path": str(path)}).fetchnumpy()
    latent = np.ma.filled(values["creditworthiness"], np.nan).astype(float)
    if np.isnan(latent).any():
        raise TrainingError(
            f"{path} is of other customers than the warehouse: simulate again, with"
            " --out and --latent together"
        )
    return -latent
