"""The card says whether the score finds defaults, and evaluates its own stop rule."""

import numpy as np
import pytest

from tests.unit.training.card.given import given_facts
from training.card.chapters.head import warnings
from training.card.chapters.label import label
from training.card.chapters.monitoring import monitoring
from training.card.outcomes import auc_interval
from training.card.parts import Row


def default(auc: float | None, events: int | None = 46) -> Row:
    return {
        "outcome": "default_after",
        "row_count": 1987,
        "event_count": events,
        "event_rate": None if events is None else events / 1987,
        "auc": auc,
    }


@pytest.mark.parametrize(
    ("rows", "said", "now"),
    [
        (
            [default(0.561)],
            "0.561 [0.474, 0.648], 46 defaults: the interval inc",
            "stop",
        ),
        ([default(0.2)], "the interval lies below 0.5", "stop"),
        ([default(0.8)], None, "passed"),
        ([default(None, None)], "not available: the data report no", "not available"),
        ([default(None, 0)], "not available: nobody or everybody", "not available"),
        ([], "not available: only a champion's", "not available"),
    ],
)
def test_defaults_are_told_at_the_head_in_the_chapter_and_in_the_plan(
    rows: list[Row], said: str | None, now: str
) -> None:
    facts = given_facts(score_comparisons=rows)
    found = [text for text in warnings(facts) if "find defaults" in text]
    assert [said in text for text in found if said] == ([True] if said else [])
    assert len(found) == (said is not None)
    (answer,) = [f.value for f in label(facts).facts if "find defaults" in f.title]
    assert answer.startswith("no; " if said else "yes; ")
    plan = monitoring(facts).tables[0].rows
    (rule,) = [row["now"] for row in plan if row["what"] == "observed outcomes"]
    assert rule.startswith(now)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Two normals apart by d: AUC = N(d / sqrt 2); here 0.6."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        bad = rng.normal(0.3583, 1, 40)
        good = rng.normal(0, 1, 400)
        auc = float((bad[:, None] > good).mean())
        lower, upper = auc_interval(auc, 40, 400)
        held += lower <= 0.6 <= upper
    assert 0.92 <= held / 400 <= 0.98
