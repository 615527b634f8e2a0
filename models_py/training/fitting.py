"""Training every candidate, out of fold and then frozen; nothing here sees test."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from training.candidates import (
    BASELINES,
    CANDIDATES,
    SCORECARD,
    Context,
    Estimator,
    require_device,
)
from training.contract import referred_share
from training.examples import Examples
from training.metrics import Target
from training.model_tables import ModelTables
from training.rating import cut_at_share
from training.regression import fit_calibration
from training.scorecard import Floats, Scorecard
from training.scorecard_fit import ScorecardEstimator
from training.scorecard_tables import Target as TargetFacts
from training.scorecard_tables import build_tables
from training.selection import log_selection
from training.settings import Settings
from training.spaces import Parameters, Trial, best_of
from training.splits import TRAIN, TRAIN_OOF, Splits
from training.stability import Stability, assess_stability

BASELINE_KIND = "baseline"


@dataclass(frozen=True)
class Frozen:
    """A candidate after training: its values by split, in its own unit.

    `values` are scores, probabilities or the baseline's column; `low_is_risky`
    says which end is bad, `cutoff` where the policy refers.
    """

    name: str
    kind: str
    values: Mapping[str, Floats]
    low_is_risky: bool
    cutoff: float | None
    probabilities: Mapping[str, Floats] | None
    estimator: Estimator = None
    parameters: Mapping[str, Any] | None = None
    tables: ModelTables | None = None

    def risk(self, split: str) -> Floats:
        """Turn the values so that high is risky."""
        return -self.values[split] if self.low_is_risky else self.values[split]

    def referred(self, split: str) -> Target | None:
        """Whether the policy refers each row of a split."""
        if self.cutoff is None:
            return None
        values = self.values[split]
        return values < self.cutoff if self.low_is_risky else values >= self.cutoff


@dataclass(frozen=True)
class Problem:
    """Examples, the label to predict, the rows of each split.

    `trials` are those of a search by candidate; without any, defaults are fitted.
    """

    examples: Examples
    target: Target
    splits: Splits
    settings: Settings
    trials: Mapping[str, Sequence[Trial]] = field(default_factory=dict)

    def frame(self, split: str) -> pd.DataFrame:
        """Features of a split's rows."""
        rows = self.splits.rows[split]
        return self.examples.frame[self.examples.feature_names].iloc[rows]

    def target_of(self, split: str) -> Target:
        """Label of a split's rows."""
        return self.target[self.splits.rows[split]]

    @property
    def referred_share(self) -> float:
        """Share of customers the rating scale refers."""
        return referred_share(self.examples.grades)

    @property
    def context(self) -> Context:
        """What candidates are built from."""
        return Context(
            features=self.examples.features,
            policy=self.settings.policy,
            seed=self.settings.seed,
            device=self.settings.device,
            unstable=self.stability.unstable,
        )

    @cached_property
    def stability(self) -> Stability:
        """How the features moved over the train snapshots."""
        days = self.examples.frame["snapshot_date"].dt.date.to_numpy()
        return assess_stability(
            self.frame(TRAIN),
            days[self.splits.rows[TRAIN]],
            self.examples.features,
            self.settings.policy,
            self.examples.window_days,
        )

    def parameters(self, name: str) -> Parameters:
        """Parameters of a candidate: those that a search found best, or its own."""
        tried = self.trials.get(name)
        return best_of(tried).parameters if tried else CANDIDATES[name].defaults

    def estimator(self, name: str) -> Estimator:
        """Build a candidate with its parameters, not yet fitted."""
        return CANDIDATES[name].estimator(self.context, **self.parameters(name))


def train_candidates(problem: Problem) -> Iterator[Frozen]:
    """Train each candidate in turn, then the baselines; none sees test."""
    require_device(problem.settings.device)
    for name in CANDIDATES:
        train = train_scorecard if name == SCORECARD else train_classifier
        yield train(problem, name)
    for name in BASELINES:
        yield freeze_baseline(problem, name)


def out_of_fold(
    problem: Problem,
    build: Callable[[], Estimator],
    predict: Callable[[Estimator, pd.DataFrame], Floats],
) -> Floats:
    """Predictions for the train rows, each by a model fitted on the other folds."""
    frame, target = problem.frame(TRAIN), problem.target_of(TRAIN)
    predicted = np.full(len(target), np.nan)
    for fold in np.unique(problem.splits.folds):
        held = problem.splits.folds == fold
        estimator = build().fit(frame[~held], target[~held])
        predicted[held] = predict(estimator, frame[held])
    return predicted


def probability_of_bad(estimator: Estimator, frame: pd.DataFrame) -> Floats:
    """Second column of predict_proba as doubles; empty for no rows."""
    if not len(frame):
        return np.array([])
    return np.asarray(estimator.predict_proba(frame)[:, 1], dtype=float)


def train_scorecard(problem: Problem, name: str = SCORECARD) -> Frozen:
    """Fit, calibrate out of fold, fold into points, cut grades, score by the tables."""
    policy = problem.settings.policy
    log_odds = out_of_fold(
        problem,
        lambda: problem.estimator(name),
        lambda fitted, frame: np.asarray(fitted.log_odds(frame)),
    )
    calibration = fit_calibration(
        log_odds,
        problem.target_of(TRAIN),
        minimum_slope=policy.minimum_calibration_slope,
        central_tendency=problem.examples.central_tendency,
    )
    estimator: ScorecardEstimator = problem.estimator(name).fit(
        problem.frame(TRAIN), problem.target_of(TRAIN)
    )
    log_selection(estimator.fitted, problem.stability, policy)
    examples = problem.examples
    tables = build_tables(
        estimator.fitted,
        calibration=calibration,
        out_of_fold_log_odds=log_odds,
        out_of_fold_target=problem.target_of(TRAIN),
        grades=examples.grades,
        policy=policy,
        target=TargetFacts(
            target_name=examples.target_name,
            label_source=examples.label_source,
            parameters_hash=examples.parameters_hash,
        ),
    )
    card = Scorecard(tables)
    values = {s: card.score(problem.frame(s)) for s in problem.splits.rows}
    values[TRAIN_OOF] = card.offset - card.factor * calibration.apply(log_odds)
    return Frozen(
        name=name,
        kind=CANDIDATES[name].kind,
        values=values,
        low_is_risky=True,
        cutoff=card.cutoff_score,
        probabilities={s: card.proxy_probability(v) for s, v in values.items()},
        estimator=estimator,
        parameters=problem.parameters(name),
        tables=tables,
    )


def train_classifier(problem: Problem, name: str) -> Frozen:
    """Fit a classifier; its cut-off refers as many as the rating scale does."""
    predicted = out_of_fold(
        problem, lambda: problem.estimator(name), probability_of_bad
    )
    estimator = problem.estimator(name).fit(
        problem.frame(TRAIN), problem.target_of(TRAIN)
    )
    values = {
        split: probability_of_bad(estimator, problem.frame(split))
        for split in problem.splits.rows
    }
    values[TRAIN_OOF] = predicted
    return Frozen(
        name=name,
        kind=CANDIDATES[name].kind,
        values=values,
        low_is_risky=False,
        cutoff=cut_at_share(predicted, 1 - problem.referred_share),
        probabilities=values,
        estimator=estimator,
        parameters=problem.parameters(name),
    )


def freeze_baseline(problem: Problem, name: str) -> Frozen:
    """One column as it stands; only its cut-off comes from train."""
    baseline = BASELINES[name]
    column = problem.examples.frame[baseline.feature].to_numpy(dtype=float)
    present = column[problem.splits.rows[TRAIN]]
    present = present[~np.isnan(present)]
    usual = float(np.median(present)) if len(present) else 0.0
    column = np.where(np.isnan(column), usual, column)
    values = {split: column[rows] for split, rows in problem.splits.rows.items()}
    share = problem.referred_share
    return Frozen(
        name=name,
        kind=BASELINE_KIND,
        values=values,
        low_is_risky=baseline.low_is_risky,
        cutoff=cut_at_share(
            values[TRAIN], share if baseline.low_is_risky else 1 - share
        ),
        probabilities=None,
    )
