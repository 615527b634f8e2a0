"""k-means in SQL against scikit-learn, its oracle."""

from __future__ import annotations

import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from tests.conftest import Workspace


@pytest.mark.parametrize("run", ["simulated", "rebuilt"])
@pytest.mark.parametrize("window", ["outcome", "observation"])
def test_sql_finds_the_optimum(
    run: str, window: str, request: pytest.FixtureRequest
) -> None:
    workspace: Workspace = request.getfixturevalue(run)
    points = workspace.query(
        f"select points.*, assigned.cluster "  # noqa: S608
        f"from intermediate.int_{window}_engagement__scaled as points "
        f"join intermediate.int_{window}_clusters__assigned as assigned "
        "using (customer_id, snapshot_date) where is_fitted_on "
        "order by customer_id, snapshot_date"
    )
    fitted = workspace.query(
        f"select * from intermediate.int_{window}_clusters__fitted order by cluster"  # noqa: S608
    )
    axes = ["recency", "frequency", "monetary"]
    oracle = KMeans(n_clusters=3, n_init=10, tol=0.0, max_iter=1000, random_state=0)
    oracle.fit(points[axes].to_numpy())

    assert fitted.inertia[0] / oracle.inertia_ <= 1.001
    if window == "outcome":  # the label; the other serves the leakage audit only
        assert adjusted_rand_score(oracle.labels_, points.cluster) >= 0.99
    assert (fitted.last_move == 0).all()
    assert fitted.engagement.is_monotonic_increasing
    assert sorted(points.cluster.unique()) == [0, 1, 2]
