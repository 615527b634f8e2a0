"""Preparing the 26 features for a classifier: one declarative place."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from training.contract import Feature

# arcsinh is a logarithm for large amounts, of either sign, and a line near zero.
NUMERIC: Mapping[str, Callable[[], object]] = {
    "as_is": lambda: "passthrough",
    "log_standard": lambda: make_pipeline(
        FunctionTransformer(np.arcsinh),
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
    ),
}
CATEGORICAL: Mapping[str, Callable[[], object]] = {
    "one_hot": lambda: OneHotEncoder(handle_unknown="ignore", sparse_output=False),
}


def preprocessor(
    features: Sequence[Feature], *, numeric: str, categorical: str = "one_hot"
) -> ColumnTransformer:
    """Columns of a classifier: the numeric features, then the categories.

    Parameters
    ----------
    numeric, categorical : str
        Keys of `NUMERIC` and `CATEGORICAL`.

    Examples
    --------
    >>> import pandas as pd
    >>> features = [Feature(1, "value", "numeric", "either", "R1"),
    ...             Feature(2, "channel", "categorical", "none", "R2")]
    >>> frame = pd.DataFrame({"value": [1.0, np.nan], "channel": ["web", None]},
    ...                      dtype=object).astype({"value": float})
    >>> preprocessor(features, numeric="as_is").fit_transform(frame).tolist()
    [[1.0, 1.0, 0.0], [nan, 0.0, 1.0]]
    """
    numbers = [feature.name for feature in features if feature.is_numeric]
    texts = [feature.name for feature in features if not feature.is_numeric]
    return ColumnTransformer(
        [
            ("numeric", NUMERIC[numeric](), numbers),
            ("categorical", CATEGORICAL[categorical](), texts),
        ],
        verbose_feature_names_out=False,
    )
