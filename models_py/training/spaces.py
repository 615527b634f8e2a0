"""What a search may try: values by parameter, and the trials made of them."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

NONE, GRID, RANDOM = "none", "grid", "random"
SEARCHES = (NONE, GRID, RANDOM)
RANDOM_TRIALS = 16

Parameters = Mapping[str, Any]
Space = Mapping[str, Sequence[Any]]

# By candidate. The scorecard's bins never hold less than 5 % of the rows.
SPACES: Mapping[str, Space] = {
    "scorecard": {
        "maximum_correlation": (0.6, 0.75, 0.85),
        "maximum_prebins": (8, 12, 20),
        "minimum_bin_share": (0.05, 0.08),
    },
    "logistic_regression": {
        "numeric": ("log_standard", "log_min_max", "log_robust"),
        "categorical": ("one_hot", "ordinal", "weight_of_evidence"),
        "C": (0.01, 0.1, 1.0, 10.0),
    },
    "decision_tree": {
        "categorical": ("one_hot", "ordinal", "weight_of_evidence"),
        "max_depth": (3, 4, 5, 7),
        "min_samples_leaf": (0.01, 0.02, 0.05),
    },
    "random_forest": {
        "categorical": ("one_hot", "ordinal"),
        "max_depth": (6, 8, 12),
        "min_samples_leaf": (10, 20, 40),
        "max_features": ("sqrt", 0.4),
    },
    "xgboost": {
        "categorical": ("one_hot", "ordinal"),
        "n_estimators": (100, 150, 300),
        "max_depth": (2, 3, 4),
        "learning_rate": (0.03, 0.05, 0.1),
        "min_child_weight": (10.0, 30.0),
    },
}


@dataclass(frozen=True)
class Trial:
    """Parameters that were tried, and their out-of-fold AUC on the train rows.

    The AUC is None where nothing could be fitted with them. `predicted` holds the
    predictions it is of, an array of shape (train rows,), high is risky.
    """

    parameters: Parameters
    roc_auc: float | None
    predicted: npt.NDArray[np.float64] | None = field(
        default=None, compare=False, repr=False
    )


def proposals(
    defaults: Parameters, space: Space, *, how: str, seed: int
) -> list[Parameters]:
    """Parameters to try: the defaults, then the grid or a draw from it.

    Parameters
    ----------
    how : str
        'grid': every combination; 'random': at most `RANDOM_TRIALS` of them, drawn
        without replacement.
    seed : int
        Of the draw.

    Raises
    ------
    ValueError
        If `how` is neither.

    Examples
    --------
    >>> proposals({"C": 1}, {"C": (1, 2), "depth": (3,)}, how="grid", seed=0)
    [{'C': 1}, {'C': 1, 'depth': 3}, {'C': 2, 'depth': 3}]
    """
    size = math.prod(len(values) for values in space.values())
    if how == GRID:
        chosen = range(size)
    elif how == RANDOM:
        drawn = np.random.default_rng(seed).permutation(size)[:RANDOM_TRIALS]
        chosen = drawn.tolist()
    else:
        raise ValueError(f"how is {how!r}, not one of {GRID}, {RANDOM}")
    grid = list(itertools.product(*space.values()))
    tried = [dict(zip(space, grid[place], strict=True)) for place in chosen]
    return [
        dict(defaults),
        *(
            {**defaults, **trial}
            for trial in tried
            if {**defaults, **trial} != defaults
        ),
    ]


def best_of(trials: Sequence[Trial]) -> Trial:
    """Find the trial of the highest AUC; of equal ones the first.

    Examples
    --------
    >>> best_of([Trial({}, 0.7), Trial({"C": 2}, None), Trial({"C": 3}, 0.7)])
    Trial(parameters={}, roc_auc=0.7)
    """
    return max(trials, key=lambda t: -1.0 if t.roc_auc is None else t.roc_auc)
