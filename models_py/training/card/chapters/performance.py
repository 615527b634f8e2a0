"""Chapter on ranking and on errors at the cut-off."""

from collections.abc import Callable, Mapping, Sequence

from training.card.causes import (
    FIRST_INTERVAL,
    INTERVALS,
    given,
    interval,
    not_recorded,
    one_class,
    too_few,
)
from training.card.parts import (
    Column,
    Fact,
    Picture,
    Row,
    Section,
    Table,
    or_why,
    written,
)
from training.card.reading import SCORECARD, TEST, TRAIN_OOF, Facts
from training.card.svg import Dot, dots

NO_CUT = "it has no cut-off"
NO_PROBABILITY = "no probability"
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
    Column("true_positives", "bad, not approved", "count"),
    Column("false_positives", "good, not approved", "count"),
    Column("true_negatives", "good, approved", "count"),
    Column("false_negatives", "bad, approved", "count"),
]


def performance(facts: Facts) -> Section:
    """Chapter on ranking and on errors at the cut-off."""
    run = facts.training
    card = [row for row in facts.metrics if row["candidate"] == SCORECARD]
    older = not_recorded(facts, INTERVALS)
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
            " customer is approved. Type II: a good one is not. Costs are"
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
                [measured(row, older) for row in card],
            ),
            Table(
                "errors",
                "The scorecard at the policy cut-off.",
                [Column("split", "split"), *ERRORS],
                [measured(row, older) for row in card],
            ),
            Table(
                "confusion",
                "Rows at the policy cut-off: bad is high risk.",
                [Column("split", "split"), *CONFUSION],
                [measured(row, older) for row in card],
            ),
        ],
    )


def _costs(facts: Facts) -> Sequence[Fact]:
    """Cost per customer on test, with the policy and with none."""
    run, test = facts.training, facts.metric(SCORECARD, TEST)
    rate = test["event_rate"]
    costs = {
        "cost per customer on test, policy": test["cost_of_errors"],
        "the same if everybody were referred": (1 - rate)
        * given(run, "type_2_error_cost"),
        "the same if everybody were approved": rate * given(run, "type_1_error_cost"),
    }
    return [Fact(title, cost, "decimal") for title, cost in costs.items()]


def _assumed(run: Row) -> str:
    type_1, type_2 = (given(run, f"type_{i}_error_cost") for i in (1, 2))
    return f"{type_1:g} for type I, {type_2:g} for type II"


def on_test(facts: Facts) -> Sequence[Row]:
    """Rows of every candidate and single column on the test snapshot."""
    return [
        row
        for row in facts.metrics
        if row["split"] == TEST and row["candidate_kind"] != CIRCULAR
    ]


def measured(row: Row, older: str | None = None) -> Row:
    """Fill what a row could not be measured with by the reason that it shows.

    Parameters
    ----------
    older
        Why its training knew no intervals but the AUC's, if it did not.
    """
    filled = {}
    for column in (*RANKS, *ERRORS, *CONFUSION):
        name, *ends = column.keys
        why = WHY[name](row) if name in WHY else None
        filled[name] = or_why(row[name], why)
        if row[name] is not None:
            why = too_few(row) or (None if name == FIRST_INTERVAL else older)
        filled |= {end: or_why(row[end], why) for end in ends}
    return {**row, **filled}


def _no_cut(row: Row) -> str | None:
    return NO_CUT if row["cutoff"] is None else None


def _no_probability(row: Row) -> str | None:
    return NO_PROBABILITY if row["candidate_kind"] == BASELINE else None


def _nobody_referred(row: Row) -> str | None:
    nobody = row["true_positives"] == row["false_positives"] == 0
    return _no_cut(row) or ("nobody is referred" if nobody else None)


def _no_bads(row: Row) -> str | None:
    return _no_cut(row) or ("nobody is bad" if row["event_rate"] == 0.0 else None)


def _no_goods(row: Row) -> str | None:
    return _no_cut(row) or ("nobody is good" if row["event_rate"] == 1.0 else None)


# Why a measure may be missing; a name that is not here never is.
WHY: Mapping[str, Callable[[Row], str | None]] = {
    **dict.fromkeys(("roc_auc", "gini", "ks", "pr_auc", "lift"), one_class),
    **dict.fromkeys(("brier", "log_loss"), _no_probability),
    **{column.key: _no_cut for column in (*ERRORS, *CONFUSION)},
    "precision": _nobody_referred,
    "recall": _no_bads,
    "f1": _no_bads,
    "type_1_error_rate": _no_bads,
    "type_2_error_rate": _no_goods,
}


def _search(facts: Facts) -> Sequence[str]:
    """Say of the AUC out of fold that it was chosen, where it was."""
    found = facts.metric(SCORECARD, TRAIN_OOF)
    if found["trials"] is None and found["roc_auc_corrected"] is None:
        return []
    trials, corrected = (given(found, n) for n in ("trials", "roc_auc_corrected"))
    return [
        "Parameters were searched: the AUC out of fold (split train_oof) is the highest"
        f" of {trials} trials, and so too high. Corrected for that choice"
        " (bootstrap bias corrected cross-validation, Tsamardinos and others 2018) it"
        f" is {written(corrected, 'decimal')}, which is what the promotion gate takes.",
    ]


def _candidates(facts: Facts) -> Picture:
    rows = on_test(facts)
    title = "AUC out of time, with 95 % intervals"
    alt = "; ".join(
        f"{row['candidate']} {interval(row, 'roc_auc', why=one_class(row))}"
        for row in rows
    )
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
