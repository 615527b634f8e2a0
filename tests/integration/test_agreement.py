"""Scores in SQL = scores in Python = answers of the API, to 1e-9.

Over all customers of the simulated run, and over made-up ones that sit exactly on
a bin's edge, one step below it, miss a value, or bring a category never seen. The
cut-off lies above the mean: some who lose nothing against the mean are referred.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import duckdb
import numpy as np
import pandas as pd
import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.ranges import RANGE_OF_UNIT, Range
from api.settings import Settings
from tests.conftest import Workspace
from training.scorecard import Scorecard
from training.tables import read_model

TOLERANCE = 1e-9
# Points by which all grades and the cut-off are raised.
STRICTER = 100
FEATURES = "select name from seeds.feature_contract order by position"


def read_scorecard(warehouse: Path) -> Scorecard:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        version = connection.execute(
            "select model_version from model.champion"
        ).fetchone()
        assert version is not None
        return Scorecard(read_model(connection, version[0]))


@pytest.fixture(scope="module")
def ranges(simulated: Workspace) -> dict[str, Range]:
    """What the API takes, by numeric feature."""
    numeric = simulated.query(
        "select name, unit from seeds.feature_contract where kind = 'numeric'"
    )
    return {
        row.name: RANGE_OF_UNIT[row.unit] for row in numeric.itertuples(index=False)
    }


@pytest.fixture(scope="module")
def awkward(
    simulated: Workspace, make_workspace: Callable[[str], Workspace]
) -> Workspace:
    """The simulated run with awkward customers, and stricter, before scoring."""
    workspace = make_workspace("awkward")
    shutil.copytree(simulated.data_dir, workspace.data_dir, dirs_exist_ok=True)
    warehouse = workspace.data_dir / "warehouse.duckdb"
    features = workspace.query(FEATURES).name
    base = workspace.query(
        "select * from marts.fct_customer_features where split = 'score' "
        "order by customer_id limit 1"
    ).iloc[0]
    rows = {"nothing known": base.copy()}
    rows["nothing known"][list(features)] = None
    for feature in read_scorecard(warehouse).features:
        for edge in feature.edges:
            for value in (
                np.nextafter(edge, -np.inf),
                edge,
                np.nextafter(edge, np.inf),
            ):
                row = base.copy()
                row[feature.name] = value
                rows[f"{feature.name} at {value!r}"] = row
        for value in (
            [None] if feature.groups is None else [None, "", "never 'seen' 😀"]
        ):
            row = base.copy()
            row[feature.name] = value
            rows[f"{feature.name} is {value}"] = row
    added = pd.DataFrame(rows.values()).assign(customer_id=list(rows))
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "update model.scorecard set cutoff_score = cutoff_score + ?", [STRICTER]
        )
        connection.execute(
            "update model.rating_scale set lower = lower + $1, upper = upper + $1",
            [STRICTER],
        )
        connection.register("added", added)
        connection.execute(
            "insert into intermediate.int_customer_features__computed by name "
            "select * exclude (split, parameters_hash) from added"
        )
        connection.execute(
            "insert into raw.transactions by name select customer_id as CustomerId, "
            "customer_id as TransactionId, snapshot_date as TransactionStartTime, "
            "0 as Amount, '' as source_file, 0 as source_row, "
            "snapshot_date as landed_at from added"
        )
    workspace.dbt("build", "--select", "tag:scoring", "--exclude", "test_type:unit")
    workspace.python("-m", "release")
    return workspace


@pytest.fixture(scope="module")
def scorecard(awkward: Workspace) -> Scorecard:
    return read_scorecard(awkward.data_dir / "warehouse.duckdb")


@pytest.fixture(scope="module")
def scored(awkward: Workspace) -> pd.DataFrame:
    """Features and SQL scores of every scored customer."""
    rows = awkward.query(
        "select features.*, "
        "scores.* exclude (customer_id, snapshot_date, parameters_hash) "
        "from marts.fct_customer_scores as scores "
        "join marts.fct_customer_features as features "
        "using (customer_id, snapshot_date) "
        "where status = 'scored' order by customer_id"
    )
    assert len(rows) > 1_500
    assert rows.customer_id.str.contains(" at ").sum() > 30
    return rows


def test_sql_scores_are_python_scores(
    scored: pd.DataFrame, scorecard: Scorecard
) -> None:
    score = scorecard.score(scored)
    assert np.abs(score - scored.score).max() <= TOLERANCE
    assert (scorecard.score_shown(score) == scored.score_shown).all()
    probability = scorecard.proxy_probability(score)
    assert np.abs(probability - scored.proxy_probability).max() <= TOLERANCE
    assert (scorecard.grade(score) == scored.grade).all()
    assert (scorecard.action(score) == scored.action).all()
    for sql, python in zip(scored.reasons, scorecard.reasons(scored), strict=True):
        assert [reason["code"] for reason in sql] == [reason.code for reason in python]
        assert [reason["loss"] for reason in sql] == pytest.approx(
            [reason.loss for reason in python], abs=TOLERANCE
        )


def test_a_referral_has_a_reason_and_names_its_reference(scored: pd.DataFrame) -> None:
    cases = {
        (row.action, row.reason_reference, len(row.reasons) > 0)
        for row in scored.itertuples(index=False)
    }
    assert cases == {
        ("approve", "training_mean", True),
        ("approve", "training_mean", False),
        ("refer", "training_mean", True),
        ("refer", "cutoff", True),
    }


def test_every_feature_of_the_pipeline_is_possible(
    simulated: Workspace, ranges: dict[str, Range]
) -> None:
    features = simulated.query("from marts.fct_customer_features")
    for name, possible in ranges.items():
        assert possible.holds(features[name].min()), name
        assert possible.holds(features[name].max()), name


def test_api_answers_are_sql_scores(
    awkward: Workspace, scored: pd.DataFrame, ranges: dict[str, Range]
) -> None:
    features = list(awkward.query(FEATURES).name)
    with TestClient(create_app(Settings(data_dir=awkward.data_dir))) as client:
        for row in scored.itertuples(index=False):
            answer = client.get(f"/customers/{_quoted(row.customer_id)}/score").json()
            assert answer["status"] == "scored", answer
            # The same additions in the same order: not a bit differs.
            assert answer["score"] == row.score
            assert abs(answer["proxy_probability"] - row.proxy_probability) <= TOLERANCE
            assert answer["grade"] == row.grade
            assert answer["action"] == row.action
            assert answer["score_shown"] == row.score_shown
            assert answer["reason_reference"] == row.reason_reference
            assert [r["code"] for r in answer["reasons"]] == [
                r["code"] for r in row.reasons
            ]
            # A sum next to the middle of two decimals can be rounded to either.
            assert [r["loss"] for r in answer["reasons"]] == pytest.approx(
                [r["loss"] for r in row.reasons], abs=2 * TOLERANCE, rel=0
            )
        for row in scored[scored.customer_id.str.contains(" ")].itertuples(index=False):
            values = [getattr(row, name) for name in features]
            body = {"features": [None if pd.isna(value) else value for value in values]}
            answer = client.post("/predict", json=body)
            if not all(
                possible.holds(getattr(row, name))
                for name, possible in ranges.items()
                if not pd.isna(getattr(row, name))
            ):
                # One step above a share of 1, say: an edge can lie on the last value.
                assert answer.status_code == 422, body
                continue
            assert answer.json()["score"] == row.score, body


def test_not_scored_customers_have_a_reason_and_no_score(awkward: Workspace) -> None:
    rows = awkward.query(
        "select customer_id from marts.fct_customer_scores where status = 'not_scored'"
    )
    assert len(rows) > 100
    with TestClient(create_app(Settings(data_dir=awkward.data_dir))) as client:
        for customer in rows.customer_id:
            answer = client.get(f"/customers/{_quoted(customer)}/score").json()
            assert answer["score"] is None
            assert answer["action"] == "refer"
            assert [reason["code"] for reason in answer["reasons"]] == ["P01"]
            assert answer["reason_reference"] == "policy"


def test_features_of_other_vars_are_not_scored(
    awkward: Workspace, make_workspace: Callable[[str], Workspace]
) -> None:
    workspace = make_workspace("other_vars")
    shutil.copytree(awkward.data_dir, workspace.data_dir, dirs_exist_ok=True)
    with duckdb.connect(str(workspace.data_dir / "warehouse.duckdb")) as connection:
        connection.execute(
            "alter view marts.fct_customer_features rename to features; "
            "create view marts.fct_customer_features as "
            "select * replace ('others' as parameters_hash) from marts.features"
        )

    scoring = ("run", "--select", "int_customer_points__looked_up")
    done = workspace.dbt(*scoring, check=False)

    assert done.returncode == 1
    assert "marts.fct_customer_features are of parameters others" in done.stdout


def _quoted(customer_id: str) -> str:
    return quote(customer_id, safe="")
