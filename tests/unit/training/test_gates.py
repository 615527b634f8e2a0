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
    results = assess(connection, VERSION.version, resamples=200)
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
    ("corrected", "outcome"),
    [(0.6, "passed"), (0.599, "failed"), (None, "not assessed")],
)
def test_after_a_search_the_floor_is_for_the_corrected_auc(
    connection: duckdb.DuckDBPyConnection, corrected: float | None, outcome: str
) -> None:
    """The highest of 17 AUCs passes at 0.61, what it is worth may not."""
    searched = replace(VERSION, auc=0.61, trials=17, auc_corrected=corrected)
    small.add_card(connection, searched)
    result = assessed(connection)["out_of_fold_auc"]
    assert (result.value, result.outcome) == (corrected, outcome)
    assert result.is_blocking == (outcome != "passed")
    assert "best of 17 trials" in result.detail


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
    small.add_grades(connection, VERSION)
    small.add_customers(connection, "test", near=100, far=100, bad=bad)
    result = assessed(connection)["monotone_grades"]
    assert result.value == pytest.approx(fall, abs=1e-3)
    assert result.outcome == outcome
    assert ("from A to B" in result.detail) == (fall > 0)


def test_bad_rates_rise_out_of_fold_too(connection: duckdb.DuckDBPyConnection) -> None:
    small.add_card(connection, VERSION)
    small.add_grades(connection, VERSION, rows=(100, 100), bads=(36, 16))
    small.add_customers(connection, "test", near=100, far=100, bad=(16, 36))
    result = assessed(connection)["monotone_grades"]
    assert result.outcome == "failed"
    assert "from G1 to G2 on train_oof" in result.detail


@pytest.mark.parametrize(
    ("rows", "outcome"), [((30, 30, 40), "failed"), ((30, 30, 30, 10), "passed")]
)
def test_no_grade_holds_more_than_thirty_percent(
    connection: duckdb.DuckDBPyConnection, rows: tuple[int, ...], outcome: str
) -> None:
    small.add_card(connection, VERSION)
    small.add_grades(connection, VERSION, rows=rows, bads=rows)
    result = assessed(connection)["largest_grade"]
    assert (result.value, result.outcome) == (max(rows) / 100, outcome)


def test_a_training_without_grades_out_of_fold_blocks(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_card(connection, VERSION)
    result = assessed(connection)["largest_grade"]
    assert (result.outcome, result.is_blocking) == ("not assessed", True)


@pytest.mark.parametrize(
    ("near", "far", "bad", "slope", "outcome"),
    [
        # Points 20 apart are log odds 1 apart; observed 9 : 1 to 1 : 9 is ln 81.
        (510, 490, (10, 90), 4.394, "failed"),
        # 20 ln 81 points apart.
        (544, 456.1, (10, 90), 1.0, "passed"),
        # ln(6 / 4 * 6 / 4) = 0.811 apart; 100 rows of each leave its place in doubt.
        (513, 487, (40, 60), 0.624, "passed"),
    ],
)
def test_slope_on_test_fails_where_its_whole_interval_is_outside(
    connection: duckdb.DuckDBPyConnection,
    near: float,
    far: float,
    bad: tuple[int, int],
    slope: float,
    outcome: str,
) -> None:
    small.add_card(connection, replace(VERSION, near=near, far=far))
    small.add_customers(connection, "test", near=100, far=100, bad=bad)
    result = assessed(connection)["calibration_slope_on_test"]
    assert result.value == pytest.approx(slope, abs=2e-3)
    assert result.outcome == outcome


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
        "calibration_slope_on_test",
        "score_psi",
        "monotone_grades",
        "largest_grade",
        "sql_is_python",
    ]
    assert "run dbt build with its vars" in results["score_psi"].detail


def test_a_warehouse_without_marts_judges_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    small.add_card(connection, VERSION)
    connection.execute("drop table marts.fct_customer_features")
    assert "does not exist: run dbt build" in assessed(connection)["score_psi"].detail
