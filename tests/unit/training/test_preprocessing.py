"""Each step by hand: what it makes of amounts, gaps, categories and the unseen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from training.candidates import CANDIDATES, Context
from training.challenger import explain
from training.contract import Feature
from training.fitting import Problem, probability_of_bad
from training.metrics import rank_metrics
from training.preprocessing import CATEGORICAL, NUMERIC, WOE, column_owners
from training.preprocessing import preprocessor as make
from training.splits import TEST, TRAIN

AMOUNT = Feature(1, "net_amount", "numeric", "either", "R06")
CHANNEL = Feature(2, "main_channel", "categorical", "none", "R12")
AMOUNTS = np.array([-1e6, -1.0, 0.0, 1.0, 1e6, np.nan])


@dataclass(frozen=True)
class Scale:
    """What a numeric step makes of `AMOUNTS`: its columns of value and of gap."""

    values: tuple[float, ...]
    gap: float


Z = np.sqrt(5) / 5  # one gap of six, in standard deviations
LARGE, SMALL = np.arcsinh(1e6), np.arcsinh(1.0)
SPREAD = np.sqrt((LARGE**2 + SMALL**2) / 3)
SCALES: Mapping[str, Scale] = {
    "standard": Scale((-np.sqrt(3), -np.sqrt(3) * 1e-6, 0, np.sqrt(3) * 1e-6), 5 * Z),
    "min_max": Scale((0, 0.5 - 5e-7, 0.5, 0.5 + 5e-7), 1),
    "robust": Scale((-1e6 / 1.5, -1 / 1.5, 0, 1 / 1.5), 1),
    "log_standard": Scale((-LARGE / SPREAD, -SMALL / SPREAD, 0, SMALL / SPREAD), 5 * Z),
    "log_min_max": Scale((0, 0.5 - SMALL / LARGE / 2, 0.5, 0.5 + SMALL / LARGE / 2), 1),
    "log_robust": Scale((-LARGE / SMALL / 1.5, -1 / 1.5, 0, 1 / 1.5), 1),
}
# Of 200 each 120 and 40 are bad. The last saw no gap and no rare category, so they
# weigh as the worst.
SHOP = float(np.log((80 / 240) / (120 / 160)))
WEB = float(np.log((160 / 240) / (40 / 160)))
CATEGORIES: Mapping[str, Mapping[str | None, list[float]]] = {
    "one_hot": {"shop": [1, 0, 0], "web": [0, 1, 0], None: [0, 0, 1], "fax": [0, 0, 0]},
    "ordinal": {"shop": [0], "web": [1], None: [2], "fax": [-1]},
    WOE: {"shop": [SHOP], "web": [WEB], None: [SHOP], "fax": [SHOP]},
}


def test_every_step_has_a_test() -> None:
    assert set(NUMERIC) == {*SCALES, "as_is", WOE}
    assert set(CATEGORICAL) == set(CATEGORIES)


@pytest.mark.parametrize("name", SCALES)
def test_amounts_are_scaled_and_gaps_marked(name: str) -> None:
    frame = pd.DataFrame({"net_amount": AMOUNTS})
    found = make([AMOUNT], numeric=name).fit_transform(frame)
    assert found.shape == (6, 2)
    assert found[:4, 0] == pytest.approx(np.array(SCALES[name].values), abs=1e-9)
    assert found[5, 0] == pytest.approx(found[2, 0])  # the median, 0
    assert found[5, 1] - found[0, 1] == pytest.approx(SCALES[name].gap * 1.0, rel=0.21)
    assert len(set(found[:5, 1])) == 1


@pytest.mark.parametrize("name", CATEGORIES)
def test_categories_become_columns(name: str) -> None:
    texts = pd.Series(["shop"] * 200 + ["web"] * 200, dtype=object)
    target = np.r_[np.arange(200) < 120, np.arange(200) < 40]
    if name != WOE:
        texts[0] = None
    frame = pd.DataFrame({"main_channel": texts})
    steps = make([CHANNEL], numeric="as_is", categorical=name).fit(frame, target)
    expected = CATEGORIES[name]
    asked = pd.DataFrame({"main_channel": pd.Series(list(expected), dtype=object)})
    found = steps.transform(asked)
    assert found == pytest.approx(np.array(list(expected.values())), abs=1e-9)


def test_numbers_become_the_evidence_of_their_bins() -> None:
    values = np.r_[np.arange(1000.0), [np.nan] * 100]
    target = np.r_[
        np.random.default_rng(1).random(1000) < values[:1000] / 1000,
        np.arange(100) < 90,
    ]
    frame = pd.DataFrame({"net_amount": values})
    weights = make([AMOUNT], numeric=WOE).fit(frame, target).transform(frame)
    assert weights.shape == (1100, 1)
    assert (np.diff(weights[:1000, 0]) <= 0).all()
    assert len(set(weights[:, 0])) > 4
    assert weights[-1, 0] == weights[1000:, 0].mean() < 0


@pytest.mark.parametrize("numeric", NUMERIC)
@pytest.mark.parametrize("categorical", CATEGORICAL)
def test_a_column_knows_its_feature(
    features: tuple[Feature, ...], numeric: str, categorical: str
) -> None:
    """Each column moves with the values of one feature, which must be its owner."""
    chosen = [f for f in features if f.name in ("std_value", "credit_share")]
    chosen += [f for f in features if f.name.startswith("main_")]
    rng = np.random.default_rng(2)

    def values(feature: Feature) -> pd.Series:
        if not feature.is_numeric:
            return pd.Series(rng.choice(["x", "y", None], 300), dtype=object)
        numbers = pd.Series(rng.random(300))
        return numbers.mask(rng.random(300) < 0.2 * (feature.name == "credit_share"))

    frame = pd.DataFrame({feature.name: values(feature) for feature in chosen})
    target = rng.random(300) < 0.2 + 0.6 * (frame["std_value"] > 0.5)
    steps = make(chosen, numeric=numeric, categorical=categorical)
    before = np.nan_to_num(steps.fit_transform(frame, target.to_numpy()), nan=-9)
    owners = column_owners(steps, chosen)
    assert len(owners) == before.shape[1]
    for place, feature in enumerate(chosen):
        changed = frame.copy()
        changed[feature.name] = frame[feature.name].to_numpy()[::-1]
        after = np.nan_to_num(steps.transform(changed), nan=-9)
        moved = set(np.flatnonzero((before != after).any(axis=0)))
        assert moved <= {i for i, owner in enumerate(owners) if owner == place}


def test_weights_of_evidence_serve_a_candidate(problem: Problem) -> None:
    """Binned inside the pipeline, so that no fold sees its own label."""
    context: Context = problem.context
    woe = {"numeric": WOE, "categorical": WOE}
    boosted = CANDIDATES["xgboost"].estimator(context, **woe, n_estimators=40)
    boosted.fit(problem.frame(TRAIN), problem.target_of(TRAIN))
    frame = problem.frame(TEST)
    risk = probability_of_bad(boosted, frame)
    auc = rank_metrics(problem.target_of(TEST), risk)["roc_auc"]
    assert auc is not None
    assert auc > 0.6
    scores = explain(boosted, frame, problem.examples.features)
    margin = np.log(risk / (1 - risk))
    found = scores.base_margin + scores.contributions.sum(axis=1)
    assert found == pytest.approx(margin, abs=1e-5)
    # Constrained by evidence: safer bins never raise the risk.
    safer = boosted["preprocessor"].transform(frame)
    numbers = sum(feature.is_numeric for feature in problem.examples.features)
    higher = safer.copy()
    higher[:, :numbers] += 0.5
    classifier = boosted["classifier"]
    rise = (
        classifier.predict_proba(higher)[:, 1] - classifier.predict_proba(safer)[:, 1]
    )
    assert (rise <= 0).all()
