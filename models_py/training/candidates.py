"""The candidates, each with its defaults: what is trained is what stands here."""

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from training.contract import Feature
from training.errors import TrainingError
from training.preprocessing import WOE, preprocessor
from training.scorecard_fit import ScorecardEstimator
from training.settings import ScorecardPolicy

Estimator = Any  # scikit-learn ships no types

SCORECARD = "scorecard"
CHALLENGER = "xgboost"
MONOTONE = {"ascending": 1, "descending": -1}
PREPROCESSING = ("numeric", "categorical")

TREE_TYPES = ("sklearn.tree._tree.Tree",)
XGBOOST_TYPES = ("xgboost.core.Booster", "xgboost.sklearn.XGBClassifier")


@dataclass(frozen=True)
class Context:
    """What a candidate is built from besides its parameters.

    `unstable` says by name why the scorecard may not take a feature.
    """

    features: tuple[Feature, ...]
    policy: ScorecardPolicy
    seed: int
    device: str = "cpu"
    unstable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """How to build an estimator with fit(frame, target) and predict_proba(frame).

    `defaults` are its parameters, preprocessing among them; `trusted_types` are those
    that skops may load for it beyond its own.
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
        features=context.features,
        policy=replace(context.policy, **parameters),
        unstable=context.unstable,
    )


def _logistic_regression(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    return _pipeline(
        context, parameters, partial(LogisticRegression, solver="newton-cholesky")
    )


def _decision_tree(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    return _pipeline(
        context, parameters, partial(DecisionTreeClassifier, random_state=context.seed)
    )


# One thread each below: threads add votes and gradients in any order, and the last
# bits of a sum depend on it.


def _random_forest(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    forest = partial(RandomForestClassifier, random_state=context.seed, n_jobs=1)
    return _pipeline(context, parameters, forest)


def _xgboost(context: Context, parameters: Mapping[str, Any]) -> Pipeline:
    boosted = partial(
        XGBClassifier,
        random_state=context.seed,
        device=context.device,
        n_jobs=1,
        tree_method="hist",
        monotone_constraints=monotone_constraints(
            context.features, numeric=parameters["numeric"]
        ),
    )
    return _pipeline(context, parameters, boosted)


def require_device(device: str) -> None:
    """Refuse a device that XGBoost would silently replace by the CPU.

    Raises
    ------
    TrainingError
        If there is no GPU to be seen.
    """
    if device == "cpu":
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        probe = XGBClassifier(device=device, n_estimators=1).fit([[0.0], [1.0]], [0, 1])
    used = json.loads(probe.get_booster().save_config())["learner"]["generic_param"]
    if not used["device"].startswith(device):
        raise TrainingError(
            f"--device {device}: XGBoost sees no such device; use --device cpu"
        )


def monotone_constraints(
    features: Sequence[Feature], *, numeric: str
) -> tuple[int, ...]:
    """Direction of the bad rate by column: 1 rises, -1 falls, 0 is free.

    By position, numeric features first; the columns that follow are free.

    Examples
    --------
    >>> features = [Feature(1, "recency_days", "numeric", "ascending", "R01"),
    ...             Feature(2, "net_amount", "numeric", "either", "R06")]
    >>> monotone_constraints(features, numeric="as_is")
    (1, 0)
    >>> monotone_constraints(features, numeric="weight_of_evidence")
    (-1, -1)
    """
    numbers = [feature for feature in features if feature.is_numeric]
    if numeric == WOE:  # higher is safer, whatever the feature's own direction
        return (-1,) * len(numbers)
    return tuple(MONOTONE.get(feature.direction, 0) for feature in numbers)


def _pipeline(
    context: Context,
    parameters: Mapping[str, Any],
    classifier: Callable[..., Estimator],
) -> Pipeline:
    steps = {name: parameters[name] for name in PREPROCESSING}
    rest = {n: value for n, value in parameters.items() if n not in PREPROCESSING}
    prepare = preprocessor(context.features, policy=context.policy, **steps)
    return Pipeline([("preprocessor", prepare), ("classifier", classifier(**rest))])


CANDIDATES: Mapping[str, Candidate] = {
    SCORECARD: Candidate(kind="scorecard", build=_scorecard),
    "logistic_regression": Candidate(
        kind="candidate",
        build=_logistic_regression,
        defaults={"numeric": "log_standard", "categorical": "one_hot", "C": 0.1},
        trusted_types=("numpy.dtype",),
    ),
    "decision_tree": Candidate(
        kind="candidate",
        build=_decision_tree,
        defaults={
            "numeric": "as_is",
            "categorical": "one_hot",
            "max_depth": 5,
            "min_samples_leaf": 0.02,
        },
        trusted_types=TREE_TYPES,
    ),
    "random_forest": Candidate(
        kind="candidate",
        build=_random_forest,
        defaults={
            "numeric": "as_is",
            "categorical": "one_hot",
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
            "numeric": "as_is",
            "categorical": "one_hot",
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
