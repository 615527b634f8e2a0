"""The card says whether the score finds defaults, and evaluates its own stop rule."""

import pytest

from tests.unit.training.card.given import given_facts
from training.card.chapters.head import warnings
from training.card.chapters.label import label
from training.card.chapters.monitoring import monitoring
from training.card.parts import Row


def default(
    auc: float | None,
    events: int | None = 46,
    ends: tuple[float | None, float | None] = (None, None),
) -> Row:
    return {
        "outcome": "default_after",
        "row_count": 1987,
        "event_count": events,
        "event_rate": None if events is None else events / 1987,
        "auc": auc,
        "auc_lower": ends[0],
        "auc_upper": ends[1],
    }


@pytest.mark.parametrize(
    ("rows", "said", "now"),
    [
        (
            [default(0.561, ends=(0.479, 0.666))],
            "0.561 [0.479, 0.666], 46 defaults: the interval inc",
            "stop",
        ),
        ([default(0.2, ends=(0.1, 0.4))], "the interval lies below 0.5", "stop"),
        ([default(0.8, ends=(0.7, 0.9))], None, "passed"),
        ([default(0.9, 1)], "0.900 [no interval: most", "stop"),
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
