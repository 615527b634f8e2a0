"""The candidates, each with its defaults: what is trained is what stands here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from training.contract import Feature
from training.preprocessing import preprocessor
from training.scorecard_fit import ScorecardEstimator
from training.settings import ScorecardPolicy

Estimator = Any  # scikit-learn ships no types

SCORECARD = "scorecard"
CHALLENGER = "xgboost"
MONOTONE = {"ascending": 1, "descending": -1}

TREE_TYPES = ("sklearn.tree._tree.Tree",)
XGBOOST_TYPES = ("xgboost.core.Booster", "xgboost.sklearn.XGBClassifier")


@dataclass(frozen=True)
class Context:
    """What a candidate is built from besides its parameters."""

    features: tuple[Feature, ...]
    policy: ScorecardPolicy
    seed: int
    device: str = "cpu"


@dataclass(frozen=True)
class Candidate:
    """How to build an estimator with fit(frame, target) and predict_proba(frame).

    `trusted_types` are those that skops may load for it beyond its own.
    """

    kind: str
    build: Callable[[Context, Mapping[str, Any]], Estimator]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    trusted_types: Sequence[str] = ()

    def estimator(
        self,
        context: Context,
        **parameters: object,
    ) -> Estimator:
        """Build with the defaults, overridden by `parameters`."""
        return self.build(context, {**self.defaults, **parameters})


def _scorecard(context: Context, parameters: Mapping[str, Any]) -> ScorecardEstimator:
    return ScorecardEstimator(
        features=context.features, policy=context.policy, **parameters
    )


def _logistic_regression(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    classifier = LogisticRegression(solver="newton-cholesky", **parameters)
    return _pipeline(context, "log_standard", classifier)


def _decision_tree(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    classifier = DecisionTreeClassifier(random_state=context.seed, **parameters)
    return _pipeline(context, "as_is", classifier)


# One thread each below: threads add votes and gradients in any order, and the last
# bits of a sum depend on it.


def _random_forest(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    classifier = RandomForestClassifier(
        random_state=context.seed, n_jobs=1, **parameters
    )
    return _pipeline(context, "as_is", classifier)


def _xgboost(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    numeric = [feature for feature in context.features if feature.is_numeric]
    classifier = XGBClassifier(
        random_state=context.seed,
        device=context.device,
        n_jobs=1,
        tree_method="hist",
        # By position: the one-hot columns that follow are not constrained.
        monotone_constraints=tuple(MONOTONE.get(f.direction, 0) for f in numeric),
        **parameters,
    )
    return _pipeline(context, "as_is", classifier)


def _pipeline(context: Context, numeric: str, classifier: object) -> Pipeline:
    return Pipeline(
        [
            ("preprocessor", preprocessor(context.features, numeric=numeric)),
            ("classifier", classifier),
        ]
    )


CANDIDATES: Mapping[str, Candidate] = {
    SCORECARD: Candidate(kind="scorecard", build=_scorecard),
    "logistic_regression": Candidate(
        kind="candidate",
        build=_logistic_regression,
        defaults={"C": 0.1},
        trusted_types=("numpy.dtype",),
    ),
    "decision_tree": Candidate(
        kind="candidate",
        build=_decision_tree,
        defaults={"max_depth": 5, "min_samples_leaf": 0.02},
        trusted_types=TREE_TYPES,
    ),
    "random_forest": Candidate(
        kind="candidate",
        build=_random_forest,
        defaults={
            "n_estimators": 100,
            "max_depth": 8,
            "min_samples_leaf": 20,
            "max_features": "sqrt",
        },
        trusted_types=TREE_TYPES,
    ),
    CHALLENGER: Candidate(
        kind="challenger",
        build=_xgboost,
        defaults={
            "n_estimators": 150,
            "max_depth": 3,
            "learning_rate": 0.05,
            "subsample": 0.8,
            "colsample_bytree": 0.8,
            "min_child_weight": 10.0,
            "reg_lambda": 1.0,
        },
        trusted_types=XGBOOST_TYPES,
    ),
}


@dataclass(frozen=True)
class Baseline:
    """One column as a score; `low_is_risky` says which end is the bad one."""

    feature: str
    low_is_risky: bool


BASELINES: Mapping[str, Baseline] = {
    "recency_days": Baseline("recency_days", low_is_risky=False),
    "transaction_count": Baseline("transaction_count", low_is_risky=True),
}
