"""Tables of who let a version in, and of what the gates measured."""

import json
from collections.abc import Sequence

from training.card.parts import (
    NOT_ASSESSED,
    Column,
    Row,
    Table,
    Value,
    or_why,
    rows_or_why,
)
from training.card.reading import Facts

# Of training.promotion.ledger.
BOOTSTRAP = "bootstrap"
GATES = [
    Column("gate", "gate"),
    Column("outcome", "outcome"),
    Column("value", "value", "decimal"),
    Column("minimum", "at least", "decimal"),
    Column("maximum", "at most", "decimal"),
    Column("unit", "unit"),
    Column("detail", "measured"),
]


def promotions_table(facts: Facts) -> Table:
    """Tabulate who let the version in, and when."""
    never = {
        "promoted_at": "never",
        "rule": "none",
        "approver": "none",
        "reason": "not promoted",
    }
    return Table(
        "promotions",
        "Promotions of this version, from a log that is only added to.",
        [
            Column("promoted_at", "at (UTC)", "whole"),
            Column("rule", "rule"),
            Column("approver", "approver"),
            Column("reason", "reason"),
        ],
        [{**row, "approver": approver(row)} for row in facts.promotions] or [never],
    )


def approver(promotion: Row) -> Value:
    """Who approved a promotion; nobody does where a rule promotes.

    Examples
    --------
    >>> approver({"rule": "bootstrap", "approver": None})
    'none: by rule'
    """
    by_rule = promotion["rule"] == BOOTSTRAP and promotion["approver"] is None
    return "none: by rule" if by_rule else promotion["approver"]


def gates_table(facts: Facts) -> Table:
    """Tabulate what the gates measured at the newest promotion."""
    why = "no gate was applied"
    if facts.promotions and facts.promotions[-1]["gate_results"] is None:
        why = "not recorded by this promotion"
    at = f", assessed at {_moment(facts)}" if facts.promotions else ""
    return Table(
        "gates",
        f"Gates at the newest promotion of this version{at}.",
        GATES,
        rows_or_why([_gate(row) for row in _gates(facts)], GATES, why),
    )


def gate_alarms(facts: Facts) -> list[str]:
    """Say which gates did not pass at the newest promotion, and when that was.

    What an earlier promotion of the version found is history: the table of promotions
    lists it, and nothing of it is told as if it were so now.
    """
    found = [row for row in _gates(facts) if row["is_blocking"]]
    if not found:
        return []
    named = "; ".join(
        f"{row['gate']} {row['outcome']} ({row['detail']})" for row in found
    )
    return [
        f"At its newest promotion ({_moment(facts)}, rule"
        f" {facts.promotions[-1]['rule']}) not every gate passed, as assessed then:"
        f" {named}."
    ]


def _moment(facts: Facts) -> str:
    return f"{facts.promotions[-1]['promoted_at']:%Y-%m-%d %H:%M} UTC"


def _gates(facts: Facts) -> Sequence[Row]:
    if not facts.promotions:
        return ()
    found: Sequence[Row] = json.loads(facts.promotions[-1]["gate_results"] or "[]")
    return found


def _gate(row: Row) -> Row:
    is_assessed = row["outcome"] != NOT_ASSESSED
    return {
        **row,
        "value": or_why(
            row["value"], None if is_assessed else "it could not be measured"
        ),
        "minimum": "none" if row["minimum"] is None else row["minimum"],
        "maximum": "none" if row["maximum"] is None else row["maximum"],
    }
