"""Chapter on ranking and on errors at the cut-off."""

from collections.abc import Sequence

from training.card.parts import (
    NO_VALUE,
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
    written,
)
from training.card.reading import SCORECARD, TEST, TRAIN_OOF, Facts
from training.card.svg import Dot, dots

NO_CUT = "it has no cut-off"
NO_PROBABILITY = "no probability"
NO_ENDS = "no interval"
BASELINE, CIRCULAR = "baseline", "circular"
PROBABILITIES = [
    Column("brier", "Brier", "decimal", has_interval=True),
    Column("log_loss", "log loss", "decimal", has_interval=True),
]
RANKS = [
    Column("row_count", "rows", "count"),
    Column("event_rate", "high risk", "share"),
    Column("roc_auc", "AUC", "decimal", has_interval=True),
    Column("gini", "Gini", "decimal", has_interval=True),
    Column("ks", "KS", "decimal", has_interval=True),
    Column("pr_auc", "PR-AUC", "decimal", has_interval=True),
    Column("lift", "lift", "decimal", has_interval=True),
    *PROBABILITIES,
]
ERRORS = [
    Column("approval_rate", "approved", "share", has_interval=True),
    Column("accuracy", "accuracy", "share", has_interval=True),
    Column("precision", "precision", "share", has_interval=True),
    Column("recall", "recall", "share", has_interval=True),
    Column("f1", "F1", "decimal", has_interval=True),
    Column("type_1_error_rate", "type I", "share", has_interval=True),
    Column("type_2_error_rate", "type II", "share", has_interval=True),
    Column("cost_of_errors", "cost per row", "decimal", has_interval=True),
]
CONFUSION = [
    Column("true_positives", "bad, referred", "count"),
    Column("false_positives", "good, referred", "count"),
    Column("true_negatives", "good, approved", "count"),
    Column("false_negatives", "bad, approved", "count"),
]


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
            f" {facts.trainings_on_test}, in this warehouse. Intervals, in brackets,"
            " are 95 % bootstraps by customer: model and cut-off stay as they are,"
            " customers are drawn again. Resampling raises a maximum such as the KS,"
            " whose interval therefore lies rather high.",
            *_search(facts),
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
    why = why_none(row)
    no_probability = NO_PROBABILITY if row["candidate_kind"] == BASELINE else why
    whys = {
        **dict.fromkeys(RANKS, why),
        **dict.fromkeys((*ERRORS, *CONFUSION), NO_CUT),
        **dict.fromkeys(PROBABILITIES, no_probability),
    }
    filled = {}
    for column, missing in whys.items():
        value, *ends = column.keys
        filled[value] = or_why(row[value], missing)
        no_end = missing if row[value] is None else NO_ENDS
        filled |= {end: or_why(row[end], no_end) for end in ends}
    return {**row, **filled}


def _search(facts: Facts) -> Sequence[str]:
    """Say of the AUC out of fold that it was chosen, where it was."""
    found = facts.metric(SCORECARD, TRAIN_OOF)
    if found["trials"] is None:
        return []
    corrected = or_why(found["roc_auc_corrected"], NO_VALUE)
    return [
        "Parameters were searched: the AUC out of fold (split train_oof) is the highest"
        f" of {found['trials']} trials, and so too high. Corrected for that choice"
        " (bootstrap bias corrected cross-validation, Tsamardinos and others 2018) it"
        f" is {written(corrected, 'decimal')}, which is what the promotion gate takes.",
    ]


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
