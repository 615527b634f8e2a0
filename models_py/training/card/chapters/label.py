"""Chapter on what is predicted, and how far it can be trusted."""

from training.card.causes import ONE_CLASS, one_class
from training.card.outcomes import (
    NOT_REPORTED,
    NOT_SCORED,
    ONE_KIND,
    finds_defaults,
    shown_auc,
)
from training.card.parts import Column, Fact, Row, Section, Table, or_why, rows_or_why
from training.card.reading import TEST, Facts

INACTIVE_NAME = "expected inactivity"
OUTCOMES = {
    "label": "the label it was trained on",
    "no_transaction": "bought nothing in the outcome window",
    "same_window_label": "called high risk by the circular label",
    "fraud_before": "reported fraud in the observation window",
    "fraud_after": "reported fraud in the outcome window",
    "default_after": "observed default in the outcome window",
}
MAY_BE_UNREPORTED = ("fraud_before", "fraud_after", "default_after")
SNAPSHOTS = [
    Column("snapshot_date", "snapshot", "whole"),
    Column("split", "split"),
    Column("row_count", "rows", "count"),
    Column("event_rate", "high risk", "share"),
    Column("inactive_rate", "inactive", "share"),
    Column("agreement_with_inactivity", "agreement", "share"),
]
SCENARIOS = [
    Column("what", "scenario"),
    Column("scenarios", "draws", "count"),
    Column("flip_rate", "against the label in use", "share"),
    Column("baseline_flip_rate", "against three clusters, same customers", "share"),
]
COMPARISONS = [
    Column("outcome", "outcome"),
    Column("high_risk_event_rate", "of high risk", "share"),
    Column("low_risk_event_rate", "of low risk", "share"),
    Column("auc", "AUC", "decimal"),
]
SCORED = [
    Column("outcome", "outcome"),
    Column("row_count", "rows", "count"),
    Column("event_count", "had it", "count"),
    Column("auc", "AUC of the score [95 %]", "whole"),
]
# A champion goes on scoring where the data now are too short to train on.
NO_OUTCOMES = "no outcome window is closed in the data of now"
NO_CLUSTERS = "outcomes are observed, no cluster makes the label"


def label(facts: Facts) -> Section:
    """Chapter on what is predicted, and how far it can be trusted."""
    card = facts.scorecard
    is_shown, why = finds_defaults(facts.score_comparisons)
    text = [
        "k-means groups customers by recency, frequency and monetary value of the"
        f" {facts.parameters['outcome_days']} days after the snapshot; the least"
        " engaged group is called high risk. The features read only days before it."
        if facts.is_proxy
        else "High risk: defaulted in the outcome window, as observed."
    ]
    if card["target_name"] == INACTIVE_NAME:
        text.append(
            "The label is nearly the same as “bought nothing in the outcome window”"
            " and is named so. A customer who bought elsewhere is called risky, one"
            " who borrows without means is not."
        )
    if facts.is_proxy:
        text.append(
            "Inactive customers are one point, so with them the label is steady;"
            " without them it is a choice of where to cut."
        )
    text.append(
        "What else is known of the customers is compared as a measurement, not as"
        " proof."
    )
    return Section(
        name="label",
        title="Label and its limits",
        text=text,
        facts=[
            Fact(
                "agreement with “bought nothing”, mean over the train rows",
                or_why(
                    facts.training["agreement_with_inactivity"],
                    None if facts.is_proxy else NO_CLUSTERS,
                ),
                "share",
            ),
            Fact(
                "is the score shown to find defaults?",
                f"{'yes' if is_shown else 'no'}; {why}",
            ),
        ],
        tables=[
            Table(
                "snapshots",
                "The label by snapshot.",
                SNAPSHOTS,
                rows_or_why(facts.label, SNAPSHOTS, NO_OUTCOMES),
            ),
            Table(
                "stability",
                "Share of labels that change when the clusters are found anew; of"
                " several draws the worst. Compared twice: with the label in use, and"
                " with three clusters over the same customers as they are. Without"
                " the inactive customers the least engaged of the active are called"
                " high risk, who in the label in use are not.",
                SCENARIOS,
                rows_or_why(
                    [{**row, "what": _scenario(row)} for row in facts.label_stability]
                    if facts.is_proxy
                    else [],
                    SCENARIOS,
                    NO_OUTCOMES if facts.is_proxy else NO_CLUSTERS,
                ),
            ),
            Table(
                "comparisons",
                f"{_compared(facts)} beside what else is known, test snapshot. AUC"
                " 0.5: it says nothing about that.",
                COMPARISONS,
                rows_or_why(
                    [_comparison(facts, row) for row in facts.label_comparisons],
                    COMPARISONS,
                    NO_OUTCOMES,
                ),
            ),
            Table(
                "scores",
                "The score beside what happened, test snapshot; 95 % bootstraps by"
                " customer, as in the audit. AUC 0.5, or an interval with it: the"
                " score is not shown to find that outcome.",
                SCORED,
                rows_or_why(
                    [_scored(row) for row in facts.score_comparisons],
                    SCORED,
                    NOT_SCORED,
                ),
            ),
        ],
    )


def _compared(facts: Facts) -> str:
    if facts.is_proxy:
        return "The label"
    return "The behavioural proxy, which nothing here was trained on,"


def _scenario(row: Row) -> str:
    who = "all customers" if row["is_inactive_included"] else "active customers only"
    drawn = "drawn again" if row["is_resampled"] else "as they are"
    return f"{who}, {row['cluster_count']} clusters, {drawn}"


def _scored(row: Row) -> Row:
    outcome, events = str(row["outcome"]), row["event_count"]
    is_unknown = events is None and outcome not in MAY_BE_UNREPORTED
    is_lost = row["auc"] is None and events not in (None, 0, row["row_count"])
    return {
        **row,
        "outcome": OUTCOMES[outcome],
        "event_count": or_why(events, None if is_unknown else NOT_REPORTED),
        "auc": None if is_unknown or is_lost else shown_auc(row),
    }


def _comparison(facts: Facts, row: Row) -> Row:
    why = _why_none(facts, row)
    names = ("high_risk_event_rate", "low_risk_event_rate", "auc")
    return {
        "outcome": OUTCOMES[str(row["outcome"])],
        **{name: or_why(row[name], why) for name in names},
    }


def _why_none(facts: Facts, row: Row) -> str | None:
    """Say why an outcome is not compared with the label, where rows show it."""
    rates = {row["high_risk_event_rate"], row["low_risk_event_rate"]}
    if rates == {None} and row["outcome"] in MAY_BE_UNREPORTED:
        return NOT_REPORTED
    test = [label for label in facts.label if label["split"] == TEST]
    if any(one_class(label) for label in test):
        return ONE_CLASS
    return ONE_KIND if rates in ({0.0}, {1.0}) else None
