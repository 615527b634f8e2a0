"""The usual design, measured beside ours so that nobody has to imagine it.

Label and features come from the same window, and rows, not customers or days, are
split at random. What it reports says how well a label can be copied from the
features it was made of, and nothing about the future.
"""

import numpy as np
from sklearn.model_selection import train_test_split

from training.candidates import CANDIDATES
from training.fitting import Problem, probability_of_bad
from training.metrics import Metrics, rank_metrics
from training.settings import AUDIT_LABEL
from training.splits import TEST, TRAIN

CIRCULAR = "random_forest_same_window"
CIRCULAR_KIND = "circular"
RANDOM_ROWS = "random_rows"
FOREST = "random_forest"
TEST_SHARE = 0.2


def circular_metrics(problem: Problem) -> Metrics:
    """Train the forest on a stratified 80/20 split of rows with the circular label.

    Parameters
    ----------
    problem
        Its train and test rows are pooled; its own label is not looked at.

    Returns
    -------
    Metrics
        Of the 20 %; ranks are None where the label has one class only.
    """
    pooled = np.sort(np.r_[problem.splits.rows[TRAIN], problem.splits.rows[TEST]])
    examples = problem.examples
    frame = examples.frame[examples.feature_names].iloc[pooled]
    target = examples.frame[AUDIT_LABEL].to_numpy(dtype=bool)[pooled]
    if min(target.sum(), (~target).sum()) < 2:
        return Metrics(row_count=len(target), event_rate=float(target.mean()))
    fitted_on, measured = train_test_split(
        np.arange(len(target)),
        test_size=TEST_SHARE,
        stratify=target,
        random_state=problem.settings.seed,
    )
    forest = CANDIDATES[FOREST].estimator(problem.context)
    forest.fit(frame.iloc[fitted_on], target[fitted_on])
    risk = probability_of_bad(forest, frame.iloc[measured])
    ranks = rank_metrics(target[measured], risk)
    return Metrics(
        row_count=len(measured),
        event_rate=float(target[measured].mean()),
        roc_auc=ranks["roc_auc"],
        pr_auc=ranks["pr_auc"],
        ks=ranks["ks"],
        gini=ranks["gini"],
        lift=ranks["lift"],
    )
