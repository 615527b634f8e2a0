"""The challenger's scores on test with their exact TreeSHAP contributions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from training.candidates import Estimator
from training.contract import Feature
from training.errors import TrainingError
from training.preprocessing import column_owners
from training.scorecard import Floats

# Sums of 32 bits differ by up to 1e-5; more is no rounding.
ROUNDING = 1e-4


@dataclass(frozen=True)
class ChallengerScores:
    """One row per test row, in the order of the examples.

    base_margin + sum of contributions = log odds of `probability`.

    Attributes
    ----------
    probability, base_margin : array of shape (rows,)
    contributions : array of shape (rows, features), in contract order
    """

    probability: Floats
    base_margin: Floats
    contributions: Floats


def explain(
    pipeline: Estimator,
    frame: pd.DataFrame,
    features: Sequence[Feature],
) -> ChallengerScores:
    """TreeSHAP (Lundberg 2018) of a fitted XGBoost pipeline, columns summed back.

    XGBoost adds in 32 bits. Its sums differ from its margin by up to 1e-5; that
    rest is added to the largest contribution of the row, so that the identity of
    `ChallengerScores` holds in doubles.

    Raises
    ------
    TrainingError
        If the rest is more than rounding.
    """
    import xgboost

    columns = pipeline["preprocessor"].transform(frame)
    matrix = xgboost.DMatrix(columns)
    booster = pipeline["classifier"].get_booster()
    margin = booster.predict(matrix, output_margin=True).astype(float)
    parts = booster.predict(matrix, pred_contribs=True).astype(float)
    base = parts[:, -1]
    contributions = np.zeros((len(frame), len(features)))
    owners = column_owners(pipeline["preprocessor"], features)
    for column, owner in enumerate(owners):
        contributions[:, owner] += parts[:, column]
    return ChallengerScores(
        probability=1 / (1 + np.exp(-margin)),
        base_margin=base,
        contributions=absorbed(contributions, margin - base),
    )


def absorbed(contributions: Floats, total: Floats) -> Floats:
    """Add what is missing to the total to the largest contribution of each row.

    Parameters
    ----------
    contributions : array of shape (rows, features)
    total : array of shape (rows,)

    Raises
    ------
    TrainingError
        If more is missing than `ROUNDING`: it must not pass for an explanation.

    Examples
    --------
    >>> absorbed(np.array([[1.0, -2.0]]), np.array([-1.00001])).round(6).tolist()
    [[1.0, -2.00001]]
    """
    rest = total - contributions.sum(axis=1)
    worst = float(np.abs(rest).max(initial=0.0))
    if not worst <= ROUNDING:
        raise TrainingError(
            f"contributions of the challenger miss its margin by {worst:.2g}, more"
            f" than {ROUNDING:g}: they explain another model; check the versions of"
            " xgboost and scikit-learn"
        )
    largest = np.argmax(np.abs(contributions), axis=1)
    result = contributions.copy()
    result[np.arange(len(result)), largest] += rest
    return result
