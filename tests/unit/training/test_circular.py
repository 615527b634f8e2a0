"""The usual design, measured for comparison: it copies the label it was made of."""

from dataclasses import replace

import numpy as np

from training.circular import circular_metrics
from training.fitting import Problem
from training.settings import AUDIT_LABEL


def test_it_reports_what_a_shuffled_label_shows_to_be_nothing(
    problem: Problem,
) -> None:
    """The figure comes from the label's own window, not from skill."""
    copied = circular_metrics(problem)
    frame = problem.examples.frame.copy()
    shuffled = np.random.default_rng(1).permutation(frame[AUDIT_LABEL])
    examples = replace(problem.examples, frame=frame.assign(**{AUDIT_LABEL: shuffled}))
    nothing = circular_metrics(replace(problem, examples=examples))
    assert copied.roc_auc is not None
    assert copied.roc_auc > 0.95
    assert nothing.roc_auc is not None
    assert abs(nothing.roc_auc - 0.5) < 0.1


def test_one_class_has_no_figure(problem: Problem) -> None:
    frame = problem.examples.frame.assign(**{AUDIT_LABEL: False})
    examples = replace(problem.examples, frame=frame)
    measured = circular_metrics(replace(problem, examples=examples))
    assert measured.roc_auc is None
    assert measured.event_rate == 0.0
