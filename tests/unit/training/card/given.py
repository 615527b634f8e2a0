"""Facts of a card, as few as its chapters ask for, to be changed by a test."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

from training.card.reading import Facts
from training.metrics import Metrics

LINE = {
    "candidate": "scorecard",
    "split": "test",
    "method": "linear",
    "row_count": 100,
    "predicted": 0.4,
    "observed": 0.4,
    "intercept": 0.0,
    "intercept_lower": -0.1,
    "intercept_upper": 0.1,
    "slope": 1.0,
    "slope_lower": 0.9,
    "slope_upper": 1.1,
    "brier": 0.2,
    "hosmer_lemeshow_p_value": 0.5,
}
GRADE = {
    "split": "test",
    "grade": "A",
    "action": "approve",
    "row_count": 100,
    "event_count": 5,
    "predicted": 0.05,
    "observed": 0.05,
    "observed_lower": 0.02,
    "observed_upper": 0.1,
    "binomial_p_value": 0.5,
    "jeffreys_p_value": 0.5,
    "traffic_light": "green",
}
METRIC = {
    **Metrics(row_count=100, event_rate=0.4).row(),
    "candidate": "scorecard",
    "candidate_kind": "scorecard",
    "cutoff": 540.0,
    "split": "test",
    "roc_auc": 0.8,
    "roc_auc_lower": 0.7,
    "roc_auc_upper": 0.9,
    "approval_rate": 0.6,
}
SPLITS = ("test", "test_unseen", "fold_0")


def given_facts(**changes: Any) -> Facts:  # noqa: ANN401 (any field of Facts)
    """A calibrated champion on simulated data; every list not named is empty."""
    named: dict[str, Any] = {field.name: () for field in fields(Facts)}
    named |= {
        "version": "0123456789ab",
        "champion": "0123456789ab",
        "scorecard": {
            "target_name": "expected inactivity",
            "label_source": "proxy",
            "calibration_slope": 0.9,
            "calibration_intercept": -0.1,
            "reasons_at_most": 4,
        },
        "training": {
            "auc_gain_lower": 0.01,
            "central_tendency": None,
            "stability_note": "stability not assessed: one train snapshot",
            "agreement_with_inactivity": 0.99,
            "test_snapshot": date(2019, 1, 17),
        },
        "metrics": [{**METRIC, "split": split} for split in SPLITS],
        "calibration": [{**LINE, "split": split} for split in SPLITS],
        "grade_calibration": [{**GRADE, "split": split} for split in SPLITS],
        "data": {"kind": "simulated"},
        "trainings_on_test": 1,
        "parameters": {"observation_days": 28, "outcome_days": 28},
    }
    return replace(Facts(**named), **changes)
