"""The challenger's scores on test with their exact TreeSHAP contributions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from training.candidates import Estimator
from training.contract import Feature
from training.preprocessing import column_owners
from training.scorecard import Floats


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
    rest = margin - base - contributions.sum(axis=1)
    largest = np.argmax(np.abs(contributions), axis=1)
    contributions[np.arange(len(frame)), largest] += rest
    return ChallengerScores(
        probability=1 / (1 + np.exp(-margin)),
        base_margin=base,
        contributions=contributions,
    )
