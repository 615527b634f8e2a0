"""What the score says of what happened, each AUC with its interval by customer."""

import duckdb
import numpy as np

from training.auc import with_interval
from training.audit.names import COLUMNS
from training.card import queries
from training.card.parts import Value
from training.settings import Settings


def read_score_comparisons(
    connection: duckdb.DuckDBPyConnection,
    version: str,
    *,
    seed: int,
    resamples: int = Settings.bootstrap_resamples,
) -> list[dict[str, Value]]:
    """Read marts.fct_score_comparisons of a version, with the ends of each interval.

    The audit draws the same: `with_interval` with the same customers and seed.

    Returns
    -------
    list of dict
        Columns of the mart, `auc_lower` and `auc_upper`; no rows for a version that
        is not the champion, no ends where there is no AUC.
    """
    result = connection.execute(queries.SCORE_COMPARISONS, {"version": version})
    names = [column[0] for column in result.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if not found:
        return []
    scores = connection.execute(queries.SCORE_OUTCOMES, {"version": version}).df()
    customers = scores["customer_id"].to_numpy(dtype=object)
    risks = {"score": -scores["score"].to_numpy(dtype=float)}
    rows = []
    for row in found:
        lower = upper = None
        if row["auc"] is not None:
            events = scores[COLUMNS[row["outcome"]]].to_numpy(dtype=np.bool_)
            measured = with_interval(
                events, risks, customers, resamples=resamples, seed=seed
            )["score"]
            lower, upper = measured.lower, measured.upper
        rows.append({**row, "auc_lower": lower, "auc_upper": upper})
    return rows
