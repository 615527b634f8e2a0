"""Preparing the 26 features for a classifier: one declarative place.

A candidate names one numeric and one categorical step among its parameters, so they
are chosen, searched and recorded as any other parameter is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

from training.binning import FeatureBins, fit_bins
from training.contract import Feature
from training.evidence import Target
from training.scorecard import Floats
from training.settings import ScorecardPolicy

Step = Any  # scikit-learn ships no types
MakeStep = Callable[[Sequence[Feature], ScorecardPolicy], Step]

UNSEEN = -1
# What skops must be told to load of a pipeline with weights of evidence.
WOE_TYPES = (
    "training.binning.FeatureBins",
    "training.contract.Feature",
    "training.preprocessing.WeightOfEvidence",
    "training.settings.ScorecardPolicy",
)
WOE = "weight_of_evidence"


class WeightOfEvidence(TransformerMixin, BaseEstimator):  # type: ignore[misc] # no types
    """Each value as the evidence of its bin, binned as the scorecard does.

    A category that was never seen gets the weight of Other, a missing value that of
    Missing: 0 where the train rows had none.
    """

    def __init__(self, features: Sequence[Feature], policy: ScorecardPolicy) -> None:
        self.features = features
        self.policy = policy
        self.bins_: list[FeatureBins]

    def fit(self, frame: pd.DataFrame, target: Target) -> "WeightOfEvidence":
        """Fit the bins of each feature on a frame and target of shape (rows,)."""
        self.bins_ = [
            fit_bins(feature, frame[feature.name], target, self.policy)
            for feature in self.features
        ]
        return self

    def transform(self, frame: pd.DataFrame) -> Floats:
        """Weights of evidence, shape (rows, features)."""
        weights = [bins.weight(frame[bins.feature.name]) for bins in self.bins_]
        return np.column_stack(weights)


def _scaled(scaler: Callable[[], Step], *before: Callable[[], Step]) -> MakeStep:
    """Fill gaps with the median beside a column that says so, then scale."""

    def make(*_: object) -> Step:
        imputer = SimpleImputer(
            strategy="median", add_indicator=True, keep_empty_features=True
        )
        return make_pipeline(*(step() for step in before), imputer, scaler())

    return make


def _arcsinh() -> Step:
    """Make a logarithm for large amounts, of either sign, that is a line near zero."""
    return FunctionTransformer(np.arcsinh)


NUMERIC: Mapping[str, MakeStep] = {
    "as_is": lambda *_: "passthrough",
    "standard": _scaled(StandardScaler),
    "min_max": _scaled(MinMaxScaler),
    "robust": _scaled(RobustScaler),
    "log_standard": _scaled(StandardScaler, _arcsinh),
    "log_min_max": _scaled(MinMaxScaler, _arcsinh),
    "log_robust": _scaled(RobustScaler, _arcsinh),
    WOE: WeightOfEvidence,
}
CATEGORICAL: Mapping[str, MakeStep] = {
    "one_hot": lambda *_: OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    # In order of name; a missing value is the last of them.
    "ordinal": lambda *_: OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=UNSEEN
    ),
    WOE: WeightOfEvidence,
}


def preprocessor(
    features: Sequence[Feature],
    *,
    numeric: str,
    categorical: str = "one_hot",
    policy: ScorecardPolicy = ScorecardPolicy(),  # noqa: B008 # frozen
) -> ColumnTransformer:
    """Columns of a classifier: the numeric features, then the categories.

    Parameters
    ----------
    numeric, categorical : str
        Keys of `NUMERIC` and `CATEGORICAL`.
    policy
        How weights of evidence are binned.

    Examples
    --------
    >>> features = [Feature(1, "value", "numeric", "either", "R1"),
    ...             Feature(2, "channel", "categorical", "none", "R2")]
    >>> frame = pd.DataFrame({"value": [1.0, np.nan], "channel": ["web", None]},
    ...                      dtype=object).astype({"value": float})
    >>> preprocessor(features, numeric="as_is").fit_transform(frame).tolist()
    [[1.0, 1.0, 0.0], [nan, 0.0, 1.0]]
    """
    numbers = [feature for feature in features if feature.is_numeric]
    texts = [feature for feature in features if not feature.is_numeric]
    return ColumnTransformer(
        [
            ("numeric", NUMERIC[numeric](numbers, policy), _names(numbers)),
            ("categorical", CATEGORICAL[categorical](texts, policy), _names(texts)),
        ],
        verbose_feature_names_out=False,
    )


def column_owners(fitted: Step, features: Sequence[Feature]) -> list[int]:
    """Contract index of the feature behind each column of a fitted preprocessor."""
    index = {feature.name: i for i, feature in enumerate(features)}
    numbers = [index[f.name] for f in features if f.is_numeric]
    texts = [index[f.name] for f in features if not f.is_numeric]
    steps = fitted.named_transformers_
    filled = getattr(steps["numeric"], "named_steps", {}).get("simpleimputer")
    gaps = [] if filled is None else filled.indicator_.features_
    encoder = steps["categorical"]
    widths = [1] * len(texts)
    if isinstance(encoder, OneHotEncoder):
        widths = [len(values) for values in encoder.categories_]
    return [
        *numbers,
        *(numbers[gap] for gap in gaps),
        *np.repeat(texts, widths).tolist(),
    ]


def _names(features: Sequence[Feature]) -> list[str]:
    return [feature.name for feature in features]
