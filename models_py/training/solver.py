"""OptBinning's solver, asked for splits only; the rest is counted by ourselves."""

import contextlib
import io
import warnings
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from training.interrupts import interrupt_deferred
from training.settings import ScorecardPolicy

OptimalBinning = Any  # OptBinning ships no types

TREND = {
    "ascending": "ascending",
    "descending": "descending",
    "either": "auto_asc_desc",
}


class SolverError(Exception):
    """The solver found no optimal solution in its time."""


@cache
def _optimal_binning() -> OptimalBinning:
    # CVXPY, which OptBinning imports and does not need here, prints warnings.
    silence = io.StringIO()
    with (
        contextlib.redirect_stdout(silence),
        contextlib.redirect_stderr(silence),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        import optbinning
    return optbinning.OptimalBinning


def optimal_splits(
    values: npt.NDArray[np.float64],
    target: npt.NDArray[np.bool_],
    direction: str,
    policy: ScorecardPolicy,
) -> npt.NDArray[np.float64]:
    """Find the inner edges of the bins of highest information value, monotone.

    Parameters
    ----------
    values : array of shape (rows,)
        Numbers, NaN where missing; not all the same.
    target : array of shape (rows,)
        Whether the row is high risk.
    direction : str
        Of the bad rate as the value grows: ascending, descending or either.

    Raises
    ------
    SolverError
        If the best solution was not proved in `policy.solver_seconds`: what is
        found by then would differ from run to run.
    """
    fitted = _fit(
        policy, values, target, dtype="numerical", monotonic_trend=TREND[direction]
    )
    return np.asarray(fitted.splits, dtype=float)


def optimal_groups(
    values: npt.NDArray[np.object_],
    target: npt.NDArray[np.bool_],
    policy: ScorecardPolicy,
) -> list[list[str]]:
    """Find the groups of categories of highest information value.

    Parameters
    ----------
    values : array of shape (rows,)
        Texts, none missing, at least two different ones.

    Raises
    ------
    SolverError
        As in `optimal_splits`, or if a category is in no group.
    """
    fitted = _fit(policy, values, target, dtype="categorical")
    groups = [sorted(str(value) for value in group) for group in fitted.splits]
    listed = sorted(value for group in groups for value in group)
    if listed != sorted(set(values.tolist())):
        raise SolverError("a category is in no group")
    return groups


def _fit(
    policy: ScorecardPolicy,
    values: npt.NDArray[Any],
    target: npt.NDArray[np.bool_],
    **options: object,
) -> OptimalBinning:
    binning = _optimal_binning()(
        solver="mip",
        min_bin_size=policy.minimum_bin_share,
        min_prebin_size=policy.minimum_bin_share,
        max_n_prebins=policy.maximum_prebins,
        time_limit=policy.solver_seconds,
        **options,
    )
    # Milliseconds. OR-Tools swallows an interrupt: its operators clear the exception,
    # its CP solver takes the handler away and returns what it has found by then.
    with warnings.catch_warnings(), interrupt_deferred():
        warnings.simplefilter("ignore")
        binning.fit(values, target.astype(int))
    if binning.status != "OPTIMAL":
        raise SolverError(f"status {binning.status}")
    return binning


def pure_splits(
    values: npt.NDArray[np.float64],
    target: npt.NDArray[np.bool_],
    policy: ScorecardPolicy,
    smallest: int,
) -> npt.NDArray[np.float64]:
    """Find the edges of a tree's leaves, if one of them holds a single class.

    OptBinning merges such leaves into their neighbours, because their weight of
    evidence would be infinite, and can lose a feature that parts the classes.

    Parameters
    ----------
    values : array of shape (rows,)
        Numbers, none missing.
    smallest : int
        Least rows of a leaf.

    Examples
    --------
    >>> values = np.arange(100.0)
    >>> pure_splits(values, values > 30, ScorecardPolicy(), 5).tolist()
    [30.5]
    """
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        min_samples_leaf=smallest,
        max_leaf_nodes=policy.maximum_prebins,
        random_state=0,
    ).fit(values[:, None], target)
    inner = tree.tree_.children_left >= 0
    is_pure = bool((tree.tree_.impurity[~inner] == 0).any())
    return np.sort(tree.tree_.threshold[inner]) if is_pure else np.array([])


def quantile_splits(
    values: npt.NDArray[np.float64], policy: ScorecardPolicy
) -> npt.NDArray[np.float64]:
    """Inner edges at equal shares of the rows, without the smallest value.

    Examples
    --------
    >>> policy = ScorecardPolicy(maximum_prebins=4)
    >>> quantile_splits(np.arange(1.0, 9.0), policy).tolist()
    [3.0, 5.0, 7.0]
    """
    shares = np.arange(1, policy.maximum_prebins) / policy.maximum_prebins
    splits = np.unique(np.quantile(values, shares, method="higher"))
    return np.asarray(splits[splits > values.min()], dtype=float)
