"""The whole card against OptBinning's own: rows, WoE, IV and points of every bin."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from training.contract import Feature, Grade
from training.regression import Calibration, fit_logistic
from training.scorecard import Scorecard
from training.scorecard_fit import fit_scorecard
from training.scorecard_tables import Target, build_tables
from training.settings import ScorecardPolicy

POLICY = ScorecardPolicy()
FEATURES = (
    Feature(1, "recency_days", "numeric", "ascending", "R01"),
    Feature(2, "avg_gap_days", "numeric", "either", "R08"),
    Feature(3, "main_channel", "categorical", "none", "R12"),
)
GRADES = (Grade(1, "A", 0.6, "approve"), Grade(2, "B", 0.4, "refer"))
ROWS = 3000


class Regression:
    """Our own optimum, for OptBinning to make points of."""

    def fit(self, columns: pd.DataFrame, target: np.ndarray) -> "Regression":
        """Fit on the weights of evidence."""
        found = fit_logistic(columns.to_numpy(dtype=float), target.astype(bool))
        self.coef_ = found.coefficients[None, :]
        self.intercept_ = np.array([found.intercept])
        return self

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 # scikit-learn's
        """Nothing can be set."""
        return {}

    def predict(self, columns: pd.DataFrame) -> np.ndarray:
        """A card needs none."""
        raise NotImplementedError


@pytest.fixture(scope="module")
def rows() -> tuple[pd.DataFrame, np.ndarray]:
    """Effects of +0.1 a day, of a gap of 10 days or none, and of a channel."""
    rng = np.random.default_rng(21)
    gap = np.where(rng.random(ROWS) < 0.15, np.nan, rng.exponential(6, ROWS))
    channel = rng.choice(np.array(["app", "web", "shop", "fax"], dtype=object), ROWS)
    channel[rng.random(ROWS) < 0.1] = None
    recency = rng.integers(0, 28, ROWS) + 0.0
    log_odds = -2.4 + 0.1 * recency + 0.8 * (np.nan_to_num(gap, nan=99) > 10)
    log_odds += pd.Series(channel).map({"shop": 0.9, "fax": 0.9}).fillna(0).to_numpy()
    frame = pd.DataFrame(
        {
            "recency_days": recency,
            "avg_gap_days": gap,
            "main_channel": pd.Series(channel, dtype=object),
        }
    )
    return frame, rng.random(ROWS) < 1 / (1 + np.exp(-log_odds))


@pytest.fixture(scope="module")
def card(rows: tuple[pd.DataFrame, np.ndarray]) -> Any:  # noqa: ANN401
    frame, target = rows
    fit = fit_scorecard(frame, target, FEATURES, POLICY)
    assert fit.selected == tuple(feature.name for feature in FEATURES)
    tables = build_tables(
        fit,
        calibration=Calibration(intercept=0.0, slope=1.0),
        out_of_fold_log_odds=fit.log_odds(frame),
        out_of_fold_target=target,
        grades=GRADES,
        policy=POLICY,
        target=Target("t", "proxy", "p"),
    )
    return fit, tables


def theirs(fit: Any, frame: pd.DataFrame, target: np.ndarray) -> pd.DataFrame:  # noqa: ANN401
    """OptBinning's table of the same bins."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from optbinning import BinningProcess
        from optbinning import Scorecard as TheirScorecard

        splits: dict[str, dict[str, Any]] = {}
        for name, bins in fit.bins.items():
            user = list(bins.edges)
            if bins.groups:
                user = [np.array(group, dtype=object) for group in bins.groups]
            splits[name] = {
                "user_splits": user,
                "user_splits_fixed": [True] * len(user),
            }
        process = BinningProcess(
            list(fit.bins),
            categorical_variables=["main_channel"],
            binning_fit_params=splits,
        )
        made = TheirScorecard(
            binning_process=process,
            estimator=Regression(),
            scaling_method="pdo_odds",
            scaling_method_params={"pdo": 20, "odds": 50, "scorecard_points": 600},
        )
        empirical = {"metric_special": "empirical", "metric_missing": "empirical"}
        made.fit(frame, target.astype(int), **empirical)
        return made.table(style="detailed")


def test_every_bin_earns_what_optbinning_gives(
    card: Any,  # noqa: ANN401
    rows: tuple[pd.DataFrame, np.ndarray],
) -> None:
    fit, tables = card
    table = theirs(fit, *rows)
    for name, bins in fit.bins.items():
        their = table[(table["Variable"] == name) & (table["Count"] > 0)]
        our = [
            row for row in tables.points if row["feature"] == name and row["row_count"]
        ]
        # Missing is their last bin and our first.
        our = our[1:] + our[:1] if our[0]["bin_kind"] == "missing" else our
        assert [row["row_count"] for row in our] == their["Count"].tolist()
        assert [row["event_count"] for row in our] == their["Event"].tolist()
        for column, key in (("WoE", "woe"), ("Points", "points")):
            found = [row[key] for row in our]
            assert found == pytest.approx(their[column].tolist(), abs=1e-8), name
        assert bins.information_value == pytest.approx(their["IV"].sum(), abs=1e-9)


def test_known_effects_come_back_as_points(card: Any) -> None:  # noqa: ANN401
    """Each effect of `rows` in points, 28.85 to one unit of log odds.

    The tolerance is two standard errors of the effect in 3,000 rows, measured over 40
    samples: 6 points of a recency, 5 of a gap, 4 of a missing one and of a channel.
    """
    scorer = Scorecard(card[1])
    usual = {"recency_days": 14.0, "avg_gap_days": 5.0, "main_channel": "app"}

    def lost(**changed: object) -> float:
        asked = {
            name: [value, changed.get(name, value)] for name, value in usual.items()
        }
        before, after = scorer.score(asked).tolist()
        return float(before - after)

    assert lost(recency_days=27.0) == pytest.approx(28.85 * 1.3, abs=12)
    assert lost(recency_days=1.0) == pytest.approx(28.85 * -1.3, abs=12)
    assert lost(avg_gap_days=15.0) == pytest.approx(28.85 * 0.8, abs=10)
    assert lost(avg_gap_days=None) == pytest.approx(28.85 * 0.8, abs=8)
    assert lost(main_channel="shop") == pytest.approx(28.85 * 0.9, abs=8)
    assert lost(main_channel="web") == pytest.approx(0, abs=8)
    worst = max(lost(main_channel=name) for name in ("shop", "fax", "web", None))
    assert lost(main_channel="never seen") == pytest.approx(worst)


def test_leaving_a_value_out_never_pays(card: Any) -> None:  # noqa: ANN401
    for feature in Scorecard(card[1]).features:
        bins = [row for row in card[1].points if row["feature"] == feature.name]
        worst = min(row["points"] for row in bins if row["row_count"])
        unseen = [row for row in bins if not row["row_count"]]
        assert all(row["points"] == worst for row in unseen)
        if not bins[0]["row_count"]:
            assert feature.points[feature.bin_index([None])].tolist() == [worst]
