"""k-means in SQL against scikit-learn, its oracle.

dbt has compiled the macro to plain SQL once; here that SQL runs in memory over many
sets of points, easy and awkward ones.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from tests.conftest import Workspace
from tests.hard import share_of

Points = npt.NDArray[np.float64]

AXES = ["recency", "frequency", "monetary"]
FITTED = '"warehouse"."intermediate"."int_outcome_clusters__fitted"'
SCALED = '"warehouse"."intermediate"."int_outcome_engagement__scaled"'
BOOTSTRAPS = [3, pytest.param(share_of(30), marks=pytest.mark.hard)]
# The observation window has no group like the inactive: on the rebuilt file optima
# whose inertias differ by 3 in 100,000 draw other borders. scikit-learn itself stops
# in four of them from eight seeds, which agree with each other by 0.9875 and more;
# SQL stops in one more, 0.002 % above the best of them.
LEAST_AGREEMENT = {("rebuilt", "observation"): 0.98}


def compiled(workspace: Workspace, path: str) -> str:
    return (workspace.data_dir / "target" / "compiled" / "bati" / path).read_text()


@pytest.fixture(scope="module")
def kmeans_sql(simulated: Workspace) -> str:
    sql = compiled(simulated, "models/intermediate/int_outcome_clusters__fitted.sql")
    assert SCALED in sql
    return sql.replace(SCALED, "points")


def fit(sql: str, points: Points, threads: int = 2) -> pd.DataFrame:
    """Return the clusters that the SQL finds among points, 0 first."""
    frame = pd.DataFrame(points, columns=AXES).assign(is_fitted_on=True)
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {threads}")
        connection.register("points", frame)
        return connection.execute(sql).df().sort_values("cluster", ignore_index=True)


def standardised(points: Points) -> Points:
    """Scale as scaled_engagement does: constant axes are 0, the rest on a grid."""
    deviation = points.std(axis=0)
    scaled = (points - points.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    rounded: Points = np.floor(scaled * 2**24 + 0.5) / 2**24
    return rounded


def nearest(
    points: Points, clusters: pd.DataFrame
) -> tuple[npt.NDArray[np.int_], float]:
    """Return each point's cluster and the inertia, computed here."""
    apart = points[:, None, :] - clusters[AXES].to_numpy()[None]
    distances = (apart**2).sum(axis=2)
    return distances.argmin(axis=1), float(distances.min(axis=1).sum())


def oracle(points: Points, seed: int = 0) -> KMeans:
    return KMeans(3, n_init=10, tol=0.0, max_iter=1000, random_state=seed).fit(points)


def assert_optimal(sql: str, points: Points) -> pd.DataFrame:
    """Require a fixed point whose inertia is the oracle's, and return it."""
    clusters = fit(sql, points)
    labels, inertia = nearest(points, clusters)
    assert inertia <= 1.001 * oracle(points).inertia_
    assert clusters.inertia[0] == pytest.approx(inertia, rel=1e-8)
    assert (clusters.last_move == 0).all()
    assert clusters.engagement.is_monotonic_increasing
    assert list(clusters.point_count) == list(np.bincount(labels, minlength=3))
    for cluster, centroid in enumerate(clusters[AXES].to_numpy()):
        assert points[labels == cluster].mean(axis=0) == pytest.approx(centroid)
    return clusters


def fitted_points(workspace: Workspace, window: str = "outcome") -> pd.DataFrame:
    return workspace.query(
        f"select points.*, assigned.cluster "  # noqa: S608
        f"from intermediate.int_{window}_engagement__scaled as points "
        f"join intermediate.int_{window}_clusters__assigned as assigned "
        "using (customer_id, snapshot_date) where is_fitted_on "
        "order by customer_id, snapshot_date"
    )


@pytest.mark.parametrize("run", ["simulated", "rebuilt"])
@pytest.mark.parametrize("window", ["outcome", "observation"])
def test_a_build_finds_the_optimum(
    run: str, window: str, request: pytest.FixtureRequest
) -> None:
    workspace: Workspace = request.getfixturevalue(run)
    points = fitted_points(workspace, window)
    fitted = workspace.query(
        f"select * from intermediate.int_{window}_clusters__fitted order by cluster"  # noqa: S608
    )
    coordinates = points[AXES].to_numpy()
    labels, inertia = nearest(coordinates, fitted)
    expected = oracle(coordinates)
    assert inertia <= 1.001 * expected.inertia_
    assert list(labels) == list(points.cluster)
    agreement = adjusted_rand_score(expected.labels_, points.cluster)
    assert agreement >= LEAST_AGREEMENT.get((run, window), 0.99)
    assert (fitted.last_move == 0).all()
    assert fitted.engagement.is_monotonic_increasing
    assert (fitted.point_count > 0).all()


@pytest.mark.parametrize("bootstraps", BOOTSTRAPS)
@pytest.mark.parametrize("run", ["simulated", "rebuilt"])
def test_bootstraps_reach_the_optimum(
    run: str, bootstraps: int, kmeans_sql: str, request: pytest.FixtureRequest
) -> None:
    points = fitted_points(request.getfixturevalue(run))[AXES].to_numpy()
    random = np.random.default_rng(20190117)
    for _ in range(bootstraps):
        drawn = random.choice(points, size=len(points))
        assert_optimal(kmeans_sql, standardised(drawn))


def almost_all_identical(random: np.random.Generator) -> Points:
    points = np.full((4_000, 3), 0.5)
    points[:40] = random.normal(0, 2, (40, 3))
    return points


def one_giant(random: np.random.Generator) -> Points:
    points = random.normal(0, 1, (3_000, 3))
    points[0] = 1e6
    return points


def pareto_tails(random: np.random.Generator) -> Points:
    tails: Points = random.pareto(1.2, (4_000, 3))
    return tails


def logarithms_of_pareto_tails(random: np.random.Generator) -> Points:
    logarithms: Points = np.log1p(pareto_tails(random))
    return logarithms


def grid_of_ties(_: np.random.Generator) -> Points:
    steps = np.arange(12.0)
    return np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)


def drawn_grid_of_ties(random: np.random.Generator) -> Points:
    return random.integers(0, 4, (3_000, 3)).astype(np.float64)


def uniform(random: np.random.Generator) -> Points:
    return random.random((4_000, 3))


def on_a_line(random: np.random.Generator) -> Points:
    return np.repeat(random.random((3_000, 1)), 3, axis=1)


def customers(random: np.random.Generator, size: int) -> Points:
    """Logarithms of the RFM of customers, of whom 45 % are one point."""
    idle = random.random(size) < 0.45
    recency = np.where(idle, 28, 28 * random.random(size) ** 2)
    frequency = np.where(idle, 0, 1 + random.geometric(0.2, size))
    monetary = np.where(idle, 0, random.lognormal(6, 1.5, size))
    points: Points = np.log1p(np.stack([recency, frequency, monetary], axis=1))
    return points


def many(random: np.random.Generator) -> Points:
    return customers(random, 60_000)


def fewest(_: np.random.Generator) -> Points:
    return np.array([[0.0, 0, 0], [1, 0, 0], [5, 0, 0]])


AWKWARD: list[Callable[[np.random.Generator], Points]] = [
    almost_all_identical,
    one_giant,
    pareto_tails,
    logarithms_of_pareto_tails,
    grid_of_ties,
    drawn_grid_of_ties,
    uniform,
    on_a_line,
    many,
    fewest,
]


@pytest.mark.parametrize("make", AWKWARD, ids=lambda make: make.__name__)
def test_awkward_points_reach_the_optimum(
    make: Callable[[np.random.Generator], Points], kmeans_sql: str
) -> None:
    assert_optimal(kmeans_sql, standardised(make(np.random.default_rng(1))))


def test_neither_order_nor_threads_change_a_bit(kmeans_sql: str) -> None:
    random = np.random.default_rng(2)
    # More rows than one row group, so that two threads share them.
    points = standardised(customers(random, 140_000))
    expected = fit(kmeans_sql, points, threads=1)
    pd.testing.assert_frame_equal(
        fit(kmeans_sql, random.permutation(points)), expected, check_exact=True
    )


def failing_rows(workspace: Workspace, test: str, clusters: pd.DataFrame) -> int:
    sql = compiled(workspace, f"tests/{test}.sql")
    assert FITTED in sql
    with duckdb.connect() as connection:
        connection.register("clusters", clusters)
        return len(connection.execute(sql.replace(FITTED, "clusters")).fetchall())


@pytest.mark.parametrize(("distinct", "failures"), [(1, 1), (2, 1), (3, 0)])
def test_too_few_distinct_points_are_noticed(
    distinct: int, failures: int, simulated: Workspace, kmeans_sql: str
) -> None:
    points = np.repeat(np.eye(3)[:distinct], 50, axis=0)
    test = "test_outcome_clusters_are_three_and_not_empty"
    assert failing_rows(simulated, test, fit(kmeans_sql, points)) == failures


def test_steps_that_stop_too_early_are_noticed(
    simulated: Workspace, kmeans_sql: str
) -> None:
    points = standardised(uniform(np.random.default_rng(3)))
    test = "test_outcome_clusters_reached_the_fixed_point"
    assert failing_rows(simulated, test, fit(kmeans_sql, points)) == 0
    hasty = kmeans_sql.replace("step < 300", "step < 1")
    assert hasty != kmeans_sql
    assert failing_rows(simulated, test, fit(hasty, points)) == 3
