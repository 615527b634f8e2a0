"""The gate that holds a version to the champion, on the rows of test."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import numpy as np
import pytest

from tests.unit.training import small
from tests.unit.training.small import Card
from training.promotion.checks import assess
from training.promotion.gates import GateResult

VERSION = Card("version 2")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with small.create() as created:
        yield created


def assessed(connection: duckdb.DuckDBPyConnection) -> GateResult:
    results = assess(connection, VERSION.version, resamples=200)
    return next(r for r in results if r.gate == "not_worse_than_champion")


def test_the_seed_is_that_of_the_training(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = []

    def drawn(*_: object, seed: int, **__: object) -> dict[str, np.ndarray]:
        seeds.append(seed)
        return {"version": np.ones(3), "champion": np.zeros(3)}

    monkeypatch.setattr("training.promotion.checks.bootstrap_auc", drawn)
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, Card("champion 1"))
    small.add_card(connection, VERSION)
    small.add_promotion(connection, "champion 1")
    connection.execute("update model.training_runs set seed = 7")
    assert assessed(connection).outcome == "passed"
    assert seeds == [7]


@pytest.mark.parametrize(
    ("near", "far"),
    [(470, 510), (480, 480), (600, 400)],
    ids=["the wrong way round", "not at all", "the same way"],
)
def test_a_version_that_ranks_no_worse_than_the_champion_passes(
    connection: duckdb.DuckDBPyConnection, near: float, far: float
) -> None:
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, Card("champion 1", near=near, far=far))
    small.add_card(connection, VERSION)
    small.add_promotion(connection, "champion 1")
    assert assessed(connection).outcome == "passed"


def test_a_version_that_ranks_worse_than_the_champion_fails(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    # AUC of the champion (40 * 30 + (20 * 30 + 40 * 10) / 2 pairs of 60 * 40), 0.708
    # against 0.292 of a version that ranks the wrong way round.
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, Card("champion 1"))
    small.add_card(connection, replace(VERSION, near=470, far=510))
    small.add_promotion(connection, "champion 1")
    result = assessed(connection)
    assert result.outcome == "failed"
    assert result.value is not None
    assert -0.417 < result.value < 0
    assert result.is_blocking


@pytest.mark.parametrize(
    ("champion", "why"),
    [
        (None, "there is no champion"),
        (VERSION, "the version is the champion"),
        # Its labels look 28 days ahead: to 30 January, and test begins on the 29th.
        (Card("c 1", last_train=date(2019, 1, 2)), "end on 2019-01-30, after the test"),
    ],
)
def test_without_a_fair_comparison_the_champion_does_not_block(
    connection: duckdb.DuckDBPyConnection, champion: Card | None, why: str
) -> None:
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, VERSION)
    if champion is not None:
        small.add_promotion(connection, champion.version)
        if champion is not VERSION:
            small.add_card(connection, champion)
    result = assessed(connection)
    assert (result.outcome, result.value) == ("not assessed", None)
    assert why in result.detail
    assert not result.is_blocking


@pytest.mark.parametrize(("near", "outcome"), [(470, "failed"), (600, "passed")])
def test_other_parameters_are_no_way_around_the_champion(
    connection: duckdb.DuckDBPyConnection, near: float, outcome: str
) -> None:
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, Card("champion 1", parameters_hash="other"))
    small.add_card(connection, replace(VERSION, near=near, far=510))
    small.add_promotion(connection, "champion 1")
    result = assessed(connection)
    assert (result.outcome, result.is_blocking) == (outcome, outcome == "failed")


def test_a_champion_whose_features_are_gone_blocks(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, Card("champion 1"))
    small.add_card(connection, VERSION)
    small.add_promotion(connection, "champion 1")
    for table in ("scorecard_features", "scorecard_points"):
        connection.execute(
            f"update model.{table} set feature = 'no_more'"  # noqa: S608 # fixed names
            " where model_version = 'champion 1' and feature = 'main_channel'"
        )
    result = assessed(connection)
    assert (result.outcome, result.is_blocking) == ("not assessed", True)
    assert "champion 1 needs no_more" in result.detail


@pytest.mark.parametrize(
    ("version", "tested"),
    [
        (VERSION, 0),
        (replace(VERSION, last_train=date(2019, 1, 2)), 50),
        (replace(VERSION, parameters_hash="other"), 50),
    ],
    ids=["no test rows", "rows it learnt from", "rows of other parameters"],
)
def test_a_version_that_cannot_be_tried_beside_the_champion_blocks(
    connection: duckdb.DuckDBPyConnection, version: Card, tested: int
) -> None:
    small.add_customers(connection, "test", near=tested, far=tested, bad=(10, 30))
    small.add_card(connection, Card("champion 1"))
    small.add_card(connection, version)
    small.add_promotion(connection, "champion 1")
    result = assessed(connection)
    assert (result.outcome, result.is_blocking) == ("not assessed", True)
