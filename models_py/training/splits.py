"""Which rows are fitted, which are reported.

The split that counts is made by dbt, in time and by customer, without a look at any
label. The stratified one is in time: customers are apart, their days are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.errors import TooLittleDataError, TrainingError
from training.settings import STRATIFIED, Settings

HELD_OUT_FOLD = 0
STRATIFIED_TEST_SHARE = 0.2
IN_TIME = "In time, not out of time: test customers are apart, their days are not."
TRAIN, TRAIN_OOF, FOLD_0 = "train", "train_oof", "fold_0"
TEST, TEST_UNSEEN = "test", "test_unseen"


@dataclass(frozen=True)
class Splits:
    """Row positions by split.

    `rows` has train (folds 1-4 of the train snapshots), train_oof (the same rows,
    scored by a model that has not seen them), fold_0, test and test_unseen (test
    rows of customers in no train row). `folds` is the fold of each train row.
    """

    rows: Mapping[str, npt.NDArray[np.intp]]
    folds: npt.NDArray[np.int64]


def splits_of(frame: pd.DataFrame, settings: Settings) -> Splits:
    """Split the examples as the settings ask for, by their label."""
    label, rows = settings.label, settings.minimum_rows
    if settings.split == STRATIFIED:
        return make_stratified_splits(
            frame, label=label, minimum_rows=rows, seed=settings.seed
        )
    return make_splits(frame, label=label, minimum_rows=rows)


def make_splits(
    frame: pd.DataFrame, *, label: str = "is_high_risk", minimum_rows: int = 200
) -> Splits:
    """Split the examples by the columns split and customer_fold.

    Raises
    ------
    TooLittleDataError
        If fewer than `minimum_rows` rows or two folds are left to train on.
    TrainingError
        If the label has one class only, in all train rows or in all but one fold.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "split": ["train", "train", "train", "train", "train", "test", "test"],
    ...     "customer_fold": [0, 1, 1, 2, 2, 1, 3],
    ...     "customer_id": ["a", "b", "c", "d", "e", "b", "f"],
    ...     "is_high_risk": [True, True, False, True, False, False, True],
    ... })
    >>> splits = make_splits(frame, minimum_rows=4)
    >>> [(name, rows.tolist()) for name, rows in splits.rows.items()][2:]
    [('fold_0', [0]), ('test', [5, 6]), ('test_unseen', [6])]
    """
    split = frame["split"].to_numpy()
    fold = frame["customer_fold"].to_numpy()
    in_train = split == "train"
    in_test = split == "test"
    known = set(frame["customer_id"].to_numpy()[in_train])
    unseen = in_test & ~frame["customer_id"].isin(known).to_numpy()
    train = np.flatnonzero(in_train & (fold != HELD_OUT_FOLD))
    rows = {
        TRAIN: train,
        TRAIN_OOF: train,
        FOLD_0: np.flatnonzero(in_train & (fold == HELD_OUT_FOLD)),
        TEST: np.flatnonzero(in_test),
        TEST_UNSEEN: np.flatnonzero(unseen),
    }
    splits = Splits(rows=rows, folds=fold[train].astype(np.int64))
    _check(splits, frame[label].to_numpy()[train], label, minimum_rows)
    return splits


def make_stratified_splits(
    frame: pd.DataFrame,
    *,
    label: str = "is_high_risk",
    minimum_rows: int = 200,
    seed: int = 42,
) -> Splits:
    """Draw a fifth of the customers of the train snapshots as test, 80/20.

    Of those who were ever high risk a fifth, and of those who never were. Nothing
    after the train snapshots is read.

    Raises
    ------
    TooLittleDataError, TrainingError
        As `make_splits` does.

    Examples
    --------
    >>> frame = pd.DataFrame({
    ...     "split": ["train"] * 10 + ["test"],
    ...     "customer_fold": [1, 2] * 5 + [3],
    ...     "customer_id": list("aabbccddeef"),
    ...     "is_high_risk": [True, False, False, True] + [False] * 6 + [True],
    ... })
    >>> splits = make_stratified_splits(frame, minimum_rows=4, seed=1)
    >>> {name: len(rows) for name, rows in splits.rows.items()}
    {'train': 8, 'train_oof': 8, 'test': 2}
    """
    labelled = np.flatnonzero((frame["split"] == "train").to_numpy())
    customers, owner = np.unique(
        frame["customer_id"].to_numpy()[labelled].astype(str), return_inverse=True
    )
    target = frame[label].to_numpy(dtype=bool)[labelled]
    risky = np.bincount(owner, weights=target, minlength=len(customers)) > 0
    rng = np.random.default_rng(seed)
    held = np.zeros(len(customers), dtype=bool)
    for stratum in (risky, ~risky):
        drawn = rng.permutation(np.flatnonzero(stratum))
        held[drawn[: round(STRATIFIED_TEST_SHARE * len(drawn))]] = True
    train = labelled[~held[owner]]
    rows = {TRAIN: train, TRAIN_OOF: train, TEST: labelled[held[owner]]}
    folds = frame["customer_fold"].to_numpy()[train].astype(np.int64)
    splits = Splits(rows=rows, folds=folds)
    _check(splits, frame[label].to_numpy()[train], label, minimum_rows)
    return splits


def _check(
    splits: Splits, target: npt.NDArray[np.bool_], label: str, minimum_rows: int
) -> None:
    if len(target) < minimum_rows:
        raise TooLittleDataError(
            f"marts.fct_training_examples has {len(target)} rows to train on (split"
            f" train, customers not held out), {minimum_rows} are needed: supply more"
            " customers"
        )
    folds = np.unique(splits.folds)
    if len(folds) < 2:
        raise TooLittleDataError(
            "marts.fct_training_examples has train rows in one customer fold only:"
            " supply more customers"
        )
    for rest in (splits.folds >= 0, *(splits.folds != fold for fold in folds)):
        if target[rest].all() or not target[rest].any():
            raise TrainingError(
                f"marts.fct_training_examples.{label} has one class only among the"
                f" train rows ({int(target.sum())} high risk of {len(target)}):"
                " there is nothing to tell apart"
            )
