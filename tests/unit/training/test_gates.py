"""Each gate passes and fails on numbers that can be checked in the head."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from tests.unit.training import small
from tests.unit.training.small import PARAMETERS, SCORE, TEST, Card
from training.promotion.checks import CHECKS, assess
from training.promotion.gates import GATES, GateResult, blocking

VERSION = Card("version 2")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with small.create() as created:
        yield created


def assessed(connection: duckdb.DuckDBPyConnection) -> dict[str, GateResult]:
    results = assess(connection, VERSION.version, resamples=200, seed=1)
    return {result.gate: result for result in results}


def test_every_gate_has_a_check() -> None:
    assert list(CHECKS) == [gate.name for gate in GATES]


@pytest.mark.parametrize(
    ("auc", "outcome"), [(0.6, "passed"), (0.599, "failed"), (None, "not assessed")]
)
def test_out_of_fold_auc_has_a_floor(
    connection: duckdb.DuckDBPyConnection, auc: float | None, outcome: str
) -> None:
    small.add_card(connection, replace(VERSION, auc=auc))
    result = assessed(connection)["out_of_fold_auc"]
    assert (result.value, result.outcome) == (auc, outcome)
    assert result.is_blocking == (outcome != "passed")


@pytest.mark.parametrize(
    ("slope", "outcome"),
    [(0.79, "failed"), (0.8, "passed"), (1.25, "passed"), (1.26, "failed")],
)
def test_calibration_slope_has_a_band(
    connection: duckdb.DuckDBPyConnection, slope: float, outcome: str
) -> None:
    small.add_card(connection, replace(VERSION, slope=slope))
    assert assessed(connection)["calibration_slope"].outcome == outcome


@pytest.mark.parametrize(
    ("near", "far", "psi", "limit", "outcome"),
    [
        (50, 50, 0.0, 0.25, "passed"),
        # 0.3 ln(0.8 / 0.5) - 0.3 ln(0.2 / 0.5) = 0.416
        (80, 20, 0.416, 0.25, "failed"),
        # The same shares, but of 5 rows: (1/100 + 1/5) * 3.841 = 0.807 is noise.
        (4, 1, 0.416, 0.807, "passed"),
    ],
)
def test_scores_may_not_move_beyond_limit_and_noise(
    connection: duckdb.DuckDBPyConnection,
    near: int,
    far: int,
    psi: float,
    limit: float,
    outcome: str,
) -> None:
    small.add_card(connection, VERSION)
    small.add_customers(connection, "train", near=50, far=50)
    small.add_customers(connection, "score", near=near, far=far)
    result = assessed(connection)["score_psi"]
    assert result.value == pytest.approx(psi, abs=5e-4)
    assert result.maximum == pytest.approx(limit, abs=5e-4)
    assert result.outcome == outcome


@pytest.mark.parametrize(
    ("bad", "fall", "outcome"),
    [
        ((16, 36), 0.0, "passed"),
        # Pooled rate 0.195: 0.01 / sqrt(0.195 * 0.805 * 0.02) = 0.178
        ((20, 19), 0.178, "passed"),
        # Pooled rate 0.26: 0.2 / sqrt(0.26 * 0.74 * 0.02) = 3.224
        ((36, 16), 3.224, "failed"),
    ],
)
def test_bad_rates_rise_from_grade_to_grade_but_for_chance(
    connection: duckdb.DuckDBPyConnection,
    bad: tuple[int, int],
    fall: float,
    outcome: str,
) -> None:
    small.add_card(connection, VERSION)
    small.add_customers(connection, "test", near=100, far=100, bad=bad)
    result = assessed(connection)["monotone_grades"]
    assert result.value == pytest.approx(fall, abs=1e-3)
    assert result.outcome == outcome
    assert ("from A to B" in result.detail) == (fall > 0)


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
    assert assessed(connection)["not_worse_than_champion"].outcome == "passed"


def test_a_version_that_ranks_worse_than_the_champion_fails(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    # AUC of the champion (40 * 30 + (20 * 30 + 40 * 10) / 2 pairs of 60 * 40), 0.708
    # against 0.292 of a version that ranks the wrong way round.
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, Card("champion 1"))
    small.add_card(connection, replace(VERSION, near=470, far=510))
    small.add_promotion(connection, "champion 1")
    result = assessed(connection)["not_worse_than_champion"]
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
    result = assessed(connection)["not_worse_than_champion"]
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
    result = assessed(connection)["not_worse_than_champion"]
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
    result = assessed(connection)["not_worse_than_champion"]
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
    result = assessed(connection)["not_worse_than_champion"]
    assert (result.outcome, result.is_blocking) == ("not assessed", True)


def test_sql_and_python_agree_on_awkward_values(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_card(connection, VERSION)
    values = [10.0, 9.999999999999998, None, -1e300]
    for index, recency in enumerate(values):
        for channel in ("web", "app", "never seen", "", None):
            connection.execute(
                "insert into marts.fct_customer_features values"
                " (?, ?, 'score', ?, ?, ?)",
                [f"{index} {channel}", SCORE, PARAMETERS, recency, channel],
            )
    result = assessed(connection)["sql_is_python"]
    assert (result.outcome, result.value) == ("passed", 0.0)
    assert result.detail.startswith("20 rows")


def test_a_value_that_sql_and_python_read_differently_fails(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_card(connection, VERSION)
    # To SQL not-a-number is the largest number, to Python a missing one.
    connection.execute(
        "insert into marts.fct_customer_features values"
        " ('nan', ?, 'test', ?, 'nan', 'web')",
        [TEST, PARAMETERS],
    )
    result = assessed(connection)["sql_is_python"]
    assert (result.outcome, result.value) == ("failed", VERSION.far)
    assert result.is_blocking


def test_rows_that_a_version_has_learnt_from_judge_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_customers(connection, "test", near=50, far=50, bad=(10, 30))
    small.add_card(connection, replace(VERSION, last_train=date(2019, 1, 2)))
    result = assessed(connection)["monotone_grades"]
    assert result.outcome == "not assessed"
    assert "that the version learnt from end on 2019-01-30" in result.detail
    assert result.is_blocking


def test_rows_of_other_parameters_judge_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    for split in ("train", "test", "score"):
        small.add_customers(connection, split, near=10, far=10, bad=(1, 5))
    small.add_card(connection, replace(VERSION, parameters_hash="other"))
    results = assessed(connection)
    assert blocking(list(results.values())) == [
        "score_psi",
        "monotone_grades",
        "sql_is_python",
    ]
    assert "run dbt build with its vars" in results["score_psi"].detail


def test_a_warehouse_without_marts_judges_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_card(connection, VERSION)
    connection.execute("drop table marts.fct_customer_features")
    assert "does not exist: run dbt build" in assessed(connection)["score_psi"].detail
