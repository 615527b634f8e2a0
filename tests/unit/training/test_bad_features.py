"""Features that hold nothing, one value or one class: no candidate falls over them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from training import fitting
from training.candidates import BASELINES, CANDIDATES
from training.contract import Feature
from training.evaluation import evaluate
from training.fitting import Problem, probability_of_bad, train_candidates
from training.preprocessing import CATEGORICAL, NUMERIC, preprocessor
from training.report import summary_lines
from training.scorecard_fit import Outcome
from training.settings import ScorecardPolicy
from training.splits import TEST
from training.stability import Shift, Stability

MakeProblem = Callable[..., Problem]
EMPTY_IN_TRAIN = ("avg_gap_days", "main_channel")


@pytest.fixture(scope="module")
def spoilt(make_problem: MakeProblem, generate: Callable[..., pd.DataFrame]) -> Problem:
    """All-null, constant and null-in-train columns, of numbers and of texts."""
    frame = generate(customers=500)
    frame["std_value"] = np.nan
    frame["recency_days"] = np.nan
    frame["credit_share"] = 0.25
    frame["main_pricing_strategy"] = None
    frame["main_product_category"] = "airtime"
    for name in EMPTY_IN_TRAIN:
        frame[name] = frame[name].where(frame["split"] != "train", None)
    problem = make_problem(frame)
    quick = replace(problem.settings, policy=ScorecardPolicy(maximum_prebins=6))
    quick = replace(quick, bootstrap_resamples=20)
    return replace(problem, settings=quick)


def test_every_candidate_learns_from_what_is_left(spoilt: Problem) -> None:
    frozen = {candidate.name: candidate for candidate in train_candidates(spoilt)}
    assert set(frozen) == {*CANDIDATES, *BASELINES}
    evaluation = evaluate(spoilt, frozen)
    for name in CANDIDATES:
        auc = evaluation.metrics[name][TEST].roc_auc
        assert auc is not None
        assert auc > 0.6
    # A column of nothing ranks nobody.
    assert evaluation.metrics["recency_days"][TEST].roc_auc == 0.5
    assert summary_lines(evaluation)
    outcomes = frozen["scorecard"].estimator.fitted.outcomes
    constant = Outcome("constant or missing in all train rows")
    assert outcomes["std_value"] == outcomes["credit_share"] == constant
    assert outcomes["main_pricing_strategy"] == constant
    assert outcomes["main_product_category"] == constant
    assert outcomes["avg_gap_days"] == outcomes["main_channel"] == constant


@pytest.mark.parametrize("numeric", NUMERIC)
@pytest.mark.parametrize("categorical", CATEGORICAL)
def test_every_step_stays_finite(numeric: str, categorical: str) -> None:
    features = [
        Feature(1, "empty", "numeric", "either", "R1"),
        Feature(2, "constant", "numeric", "either", "R2"),
        Feature(3, "no_text", "categorical", "none", "R3"),
        Feature(4, "one_text", "categorical", "none", "R4"),
    ]
    rows = 40
    frame = pd.DataFrame(
        {
            "empty": np.full(rows, np.nan),
            "constant": np.full(rows, 7.0),
            "no_text": pd.Series([None] * rows, dtype=object),
            "one_text": pd.Series(["web"] * rows, dtype=object),
        }
    )
    steps = preprocessor(features, numeric=numeric, categorical=categorical)
    before = steps.fit_transform(frame, np.arange(rows) % 2 == 0)
    unseen = frame.assign(
        empty=1e12,
        constant=np.nan,
        no_text=pd.Series(["new"] * rows, dtype=object),
        one_text=pd.Series(["new"] * rows, dtype=object),
    )
    after = steps.transform(unseen)
    assert before.shape == after.shape
    if numeric != "as_is":
        assert np.isfinite(before).all()
        assert np.isfinite(after).all()


def test_an_unstable_feature_leaves_the_card_of_every_fold(
    spoilt: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = spoilt.estimator("scorecard")
    frame, target = spoilt.frame("train"), spoilt.target_of("train")
    best = before.fit(frame, target).fitted.selected[0]
    snapshot = spoilt.examples.frame["snapshot_date"].dt.date[0]
    moved = Stability((snapshot,) * 3, {best: Shift(snapshot, 0.9, 0.1)})
    monkeypatch.setattr(fitting, "assess_stability", lambda *_: moved)
    shifted = replace(spoilt)
    after = shifted.estimator("scorecard").fit(frame, target).fitted
    assert best not in after.selected
    assert after.outcomes[best].reason == f"unstable: PSI 0.90 at {snapshot}"
    # The others learn from it as before: they are not the card.
    tree = shifted.estimator("decision_tree").fit(frame, target)
    assert probability_of_bad(tree, frame).std() > 0
    # Where nothing else would be left, the best stays.
    names = dict.fromkeys(after.bins, Shift(snapshot, 0.9, 0.1))
    everything = Stability((snapshot,) * 3, names)
    monkeypatch.setattr(fitting, "assess_stability", lambda *_: everything)
    only = replace(spoilt).estimator("scorecard").fit(frame, target).fitted
    assert len(only.selected) == 1
