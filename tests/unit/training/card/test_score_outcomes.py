"""The AUC of the score against an outcome has one interval, the audit's."""

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from training.audit.names import DEFAULT, FRAUD, LABEL, SCORE
from training.audit.proxy import compared
from training.card.score_outcomes import read_score_comparisons
from training.settings import Settings

ROWS, SEED = 300, 7


@pytest.fixture
def scores() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    score = rng.normal(500, 30, ROWS).round()
    frame = pd.DataFrame({"score": score, "model_version": "v"})
    frame.insert(0, "customer_id", [f"C{i:03d}" for i in range(ROWS)])
    frame["is_high_risk"] = frame["is_inactive"] = score < 490
    frame["has_fraud"] = pd.Series([None] * ROWS, dtype="boolean")
    frame["has_defaulted"] = rng.random(ROWS) < 0.15
    return frame


@pytest.fixture
def connection(scores: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.register("given", scores)
    found.execute(
        "create schema marts;"
        " create table marts.fct_score_outcomes as from given;"
        " create table marts.fct_score_comparisons ("
        " model_version varchar, outcome varchar, row_count bigint,"
        " event_count bigint, event_rate double, auc double)"
    )
    return found


def test_it_is_the_interval_of_the_audit(
    connection: duckdb.DuckDBPyConnection, scores: pd.DataFrame
) -> None:
    settings = replace(Settings.from_environment({}), seed=SEED)
    audited = {
        row.outcome: row
        for row in compared(scores, None, settings, "supplied")
        if row.predictor == SCORE
    }
    for outcome in (LABEL, DEFAULT, FRAUD):
        row = audited[outcome]
        connection.execute(
            "insert into marts.fct_score_comparisons values ('v', ?, ?, ?, 0.1, ?)",
            [outcome, ROWS, row.event_count, row.auc],
        )
    found = read_score_comparisons(connection, "v", seed=SEED)
    ends = {row["outcome"]: (row["auc_lower"], row["auc_upper"]) for row in found}
    assert ends == {
        name: (audited[name].lower, audited[name].upper)
        for name in (LABEL, DEFAULT, FRAUD)
    }
    assert ends[FRAUD] == (None, None)
    assert ends[DEFAULT][0] < (audited[DEFAULT].auc or 0) < ends[DEFAULT][1]
    other = read_score_comparisons(connection, "v", seed=SEED + 1)
    assert [row["auc_lower"] for row in other] != [row["auc_lower"] for row in found]


def test_another_version_has_no_rows(connection: duckdb.DuckDBPyConnection) -> None:
    assert read_score_comparisons(connection, "another", seed=SEED) == []
