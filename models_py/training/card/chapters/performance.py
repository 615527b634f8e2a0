"""Chapter on ranking and on errors at the cut-off."""

from collections.abc import Sequence

from training.card.parts import (
    NOT_RECORDED,
    Column,
    Fact,
    Picture,
    Row,
    Section,
    Table,
    interval,
    or_why,
    why_none,
)
from training.card.reading import SCORECARD, TEST, Facts
from training.card.svg import Dot, dots

NO_CUT = "it has no cut-off"
NO_PROBABILITY = "no probability"
BASELINE, CIRCULAR = "baseline", "circular"
RANKS = [
    Column("row_count", "rows", "count"),
    Column("event_rate", "high risk", "share"),
    Column("auc", "AUC [95 % interval]", "whole"),
    Column("gini", "Gini", "decimal"),
    Column("ks", "KS", "decimal"),
    Column("pr_auc", "PR-AUC", "decimal"),
    Column("lift", "lift", "decimal"),
    Column("brier", "Brier", "decimal"),
    Column("log_loss", "log loss", "decimal"),
]
ERRORS = [
    Column("approval_rate", "approved", "share"),
    Column("accuracy", "accuracy", "share"),
    Column("precision", "precision", "share"),
    Column("recall", "recall", "share"),
    Column("f1", "F1", "decimal"),
    Column("type_1_error_rate", "type I", "share"),
    Column("type_2_error_rate", "type II", "share"),
    Column("cost_of_errors", "cost per row", "decimal"),
]
CONFUSION = [
    Column("true_positives", "bad, referred", "count"),
    Column("false_positives", "good, referred", "count"),
    Column("true_negatives", "good, approved", "count"),
    Column("false_negatives", "bad, approved", "count"),
]
OF_RANKS = ("roc_auc", "gini", "ks", "pr_auc", "lift")
OF_PROBABILITIES = ("brier", "log_loss")


def performance(facts: Facts) -> Section:
    """Chapter on ranking and on errors at the cut-off."""
    run = facts.training
    card = [row for row in facts.metrics if row["candidate"] == SCORECARD]
    return Section(
        name="performance",
        title="Performance",
        text=[
            "The test snapshot lies after every training outcome; a training scores it"
            " once, after everything is frozen. Trainings measured on this snapshot:"
            f" {facts.trainings_on_test}, in this warehouse. Intervals are bootstraps"
            " by customer.",
            "At the cut-off the positive finding is “high risk”. Type I: a bad"
            " customer is approved. Type II: a good one is referred. Costs are"
            f" assumptions: {_assumed(run)}. The cut-off was set by a share, not by"
            " them: where referring everybody costs less, it does not suit them.",
        ],
        facts=_costs(facts),
        pictures=[_candidates(facts)],
        tables=[
            Table(
                "splits",
                "The scorecard by split.",
                [Column("split", "split"), *RANKS],
                [measured(row) for row in card],
            ),
            Table(
                "errors",
                "The scorecard at the policy cut-off.",
                [Column("split", "split"), *ERRORS],
                [measured(row) for row in card],
            ),
            Table(
                "confusion",
                "Rows at the policy cut-off: bad is high risk.",
                [Column("split", "split"), *CONFUSION],
                [measured(row) for row in card],
            ),
        ],
    )


def _costs(facts: Facts) -> Sequence[Fact]:
    """Cost per customer on test, with the policy and with none."""
    run, test = facts.training, facts.metric(SCORECARD, TEST)
    rate, policy = test["event_rate"], or_why(test["cost_of_errors"], NO_CUT)
    type_1, type_2 = run["type_1_error_cost"], run["type_2_error_cost"]
    costs = {
        "everybody were referred": None if type_2 is None else (1 - rate) * type_2,
        "everybody were approved": None if type_1 is None else rate * type_1,
    }
    return [
        Fact("cost per customer on test, policy", policy, "decimal"),
        *(
            Fact(f"the same if {what}", or_why(cost, NOT_RECORDED), "decimal")
            for what, cost in costs.items()
        ),
    ]


def _assumed(run: Row) -> str:
    type_1, type_2 = run["type_1_error_cost"], run["type_2_error_cost"]
    if type_1 is None or type_2 is None:
        return NOT_RECORDED
    return f"{type_1:g} for type I, {type_2:g} for type II"


def on_test(facts: Facts) -> Sequence[Row]:
    """Rows of every candidate and single column on the test snapshot."""
    return [
        row
        for row in facts.metrics
        if row["split"] == TEST and row["candidate_kind"] != CIRCULAR
    ]


def measured(row: Row) -> Row:
    """Fill what a row could not be measured with by the reason."""
    missing = NO_PROBABILITY if row["candidate_kind"] == BASELINE else why_none(row)
    return {
        **row,
        **{name: or_why(row[name], why_none(row)) for name in OF_RANKS},
        **{name: or_why(row[name], missing) for name in OF_PROBABILITIES},
        **{
            column.key: or_why(row[column.key], NO_CUT)
            for column in (*ERRORS, *CONFUSION)
        },
        "auc": interval(row, "roc_auc"),
    }


def _candidates(facts: Facts) -> Picture:
    rows = on_test(facts)
    title = "AUC out of time, with 95 % intervals"
    alt = "; ".join(f"{row['candidate']} {interval(row, 'roc_auc')}" for row in rows)
    drawn = [
        Dot(
            row["candidate"],
            row["roc_auc"],
            row["roc_auc_lower"],
            row["roc_auc_upper"],
            None,
            "no AUC" if row["roc_auc"] is None else f"{row['roc_auc']:.3f}",
        )
        for row in rows
    ]
    lowest = min((d.lower or d.value or 0.5 for d in drawn), default=0.5)
    least = 0.5 if lowest >= 0.5 else 0.0
    svg = dots(drawn, title=title, alt=alt, least=least, most=1.0)
    return Picture(title=title, alt=alt, svg=svg)
