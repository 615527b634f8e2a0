"""Three designs of one study: which rows are fitted, which measured, on which label.

All look at the customers of the test snapshot, so that the design is all that differs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import train_test_split

from training.audit.names import DISJOINT, OUT_OF_TIME, USUAL
from training.examples import Examples
from training.settings import AUDIT_LABEL, TARGET_LABEL
from training.splits import HELD_OUT_FOLD, TEST, TRAIN

Rows = npt.NDArray[np.intp]

TEST_SHARE = 0.2
COUNT = "transaction_count"


@dataclass(frozen=True)
class Drawn:
    """Positions in the examples; a row may stand for several transactions."""

    fitted: Rows
    measured: Rows


@dataclass(frozen=True)
class Design:
    """A way to study the same customers; `draw` takes the examples and a seed."""

    title: str
    label: str
    description: str
    draw: Callable[[Examples, int], Drawn]


def _random_transactions(examples: Examples, seed: int) -> Drawn:
    # A transaction carries its customer's features and label, so a customer of many
    # transactions is in both parts with the same values.
    customers = _of_split(examples, TEST)
    counts = examples.frame[COUNT].to_numpy(dtype=float)[customers]
    transactions = np.repeat(customers, counts.astype(np.int64))
    label = examples.frame[AUDIT_LABEL].to_numpy(dtype=bool)[transactions]
    # A class of one row cannot be in both parts.
    is_stratified = min(label.sum(), (~label).sum()) > 1
    fitted, measured = train_test_split(
        transactions,
        test_size=TEST_SHARE,
        stratify=label if is_stratified else None,
        random_state=seed,
    )
    return Drawn(fitted, measured)


def _disjoint_customers(examples: Examples, seed: int) -> Drawn:
    del seed
    customers = _of_split(examples, TEST)
    fold = examples.frame["customer_fold"].to_numpy()[customers]
    is_held_out = fold == HELD_OUT_FOLD
    return Drawn(customers[~is_held_out], customers[is_held_out])


def _out_of_time(examples: Examples, seed: int) -> Drawn:
    del seed
    train = _of_split(examples, TRAIN)
    fold = examples.frame["customer_fold"].to_numpy()[train]
    return Drawn(train[fold != HELD_OUT_FOLD], _of_split(examples, TEST))


def _of_split(examples: Examples, split: str) -> Rows:
    return np.flatnonzero(examples.frame["split"].to_numpy() == split)


DESIGNS: Mapping[str, Design] = {
    USUAL: Design(
        title="same window, random rows",
        label=AUDIT_LABEL,
        description=(
            "the usual way: label and features of one window, one row per transaction,"
            " a stratified random 80/20 split of the rows"
        ),
        draw=_random_transactions,
    ),
    DISJOINT: Design(
        title="same window, other customers",
        label=AUDIT_LABEL,
        description=(
            "label and features of one window, one row per customer, measured on"
            " customers that were not fitted"
        ),
        draw=_disjoint_customers,
    ),
    OUT_OF_TIME: Design(
        title="outcome window, out of time",
        label=TARGET_LABEL,
        description=(
            "this project: the label reads only days after the features, measured at a"
            " later snapshot than any outcome that was fitted; a customer seen before"
            " has other features and another outcome by then"
        ),
        draw=_out_of_time,
    ),
}
