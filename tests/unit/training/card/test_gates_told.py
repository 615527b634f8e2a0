"""Gates are told as the newest promotion of the version found them, and of when."""

import json
from datetime import datetime

import duckdb
import pytest

from tests.unit.training.card.given import given_facts
from training.card import queries
from training.card.chapters.approval import gates_table
from training.card.chapters.head import warnings
from training.card.parts import Row
from training.card.reading import Facts
from training.promotion.gates import (
    FAILED,
    GATES,
    GateResult,
    Measured,
    NotAssessedError,
    NothingToCompareError,
    judge,
)

AUC = GATES[0]
DETAILS = ("0.9 of 900 rows", "0.4 of 900 rows")


def promotion(at: str, *results: GateResult, rule: str = "approved") -> Row:
    return {
        "promoted_at": datetime.fromisoformat(at),
        "rule": rule,
        "approver": None,
        "reason": "r",
        "gate_results": json.dumps([result.to_row() for result in results]),
    }


GOOD, BAD = judge(AUC, Measured(0.9, DETAILS[0])), judge(AUC, Measured(0.4, DETAILS[1]))
FIRST, SECOND = "2026-01-02 03:04:05", "2026-02-03 04:05:06"


def told(facts: Facts) -> list[str]:
    return [text for text in warnings(facts) if "gate" in text]


def test_a_gate_that_failed_is_told_at_the_head_with_its_moment() -> None:
    assert BAD.outcome == FAILED
    facts = given_facts(promotions=[promotion(FIRST, GOOD, BAD, rule="bootstrap")])
    (said,) = told(facts)
    assert "(2026-01-02 03:04 UTC, rule bootstrap)" in said
    assert f"{AUC.name} failed (0.4 of 900 rows)" in said
    assert DETAILS[0] not in said


@pytest.mark.parametrize(("then", "now"), [(BAD, GOOD), (GOOD, BAD)])
def test_of_two_promotions_the_newest_counts(then: GateResult, now: GateResult) -> None:
    facts = given_facts(promotions=[promotion(FIRST, then), promotion(SECOND, now)])
    assert bool(told(facts)) is (now is BAD)
    assert not any(FIRST[:10] in text for text in told(facts))
    table = gates_table(facts)
    assert "assessed at 2026-02-03 04:05 UTC" in table.caption
    assert [row["outcome"] for row in table.rows] == [now.outcome]


def test_what_could_not_be_assessed_is_told_where_it_blocks() -> None:
    lost = judge(AUC, NotAssessedError("no rows"))
    nothing = judge(AUC, NothingToCompareError("no champion"))
    assert (
        "not assessed (no rows)"
        in told(given_facts(promotions=[promotion(FIRST, lost, nothing)]))[0]
    )
    assert told(given_facts(promotions=[promotion(FIRST, nothing)])) == []


def test_without_a_promotion_nothing_is_told_of_gates() -> None:
    facts = given_facts(promotions=[], champion="another")
    assert told(facts) == []
    assert "assessed at" not in gates_table(facts).caption


def test_the_newest_of_the_version_is_the_last_row() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema model")
        connection.execute(
            "create table model.model_promotions (model_version varchar, promoted_at"
            ' timestamp, "rule" varchar, approver varchar, reason varchar,'
            " gate_results varchar)"
        )
        for version, at in (("a", SECOND), ("b", "2026-03-01"), ("a", FIRST)):
            connection.execute(
                "insert into model.model_promotions values"
                " (?, ?, 'approved', 'x', 'r', '[]')",
                [version, at],
            )
        found = connection.execute(queries.PROMOTIONS, {"version": "a"}).fetchall()
    assert [str(row[0]) for row in found] == [FIRST, SECOND]
