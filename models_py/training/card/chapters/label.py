"""Chapter on what is predicted, and how far it can be trusted."""

from training.card.outcomes import NOT_SCORED, finds_defaults, shown_auc
from training.card.parts import Column, Fact, Row, Section, Table, or_why, rows_or_why
from training.card.reading import Facts

INACTIVE_NAME = "expected inactivity"
OUTCOMES = {
    "label": "the label it was trained on",
    "no_transaction": "bought nothing in the outcome window",
    "same_window_label": "called high risk by the circular label",
    "fraud_before": "reported fraud in the observation window",
    "fraud_after": "reported fraud in the outcome window",
    "default_after": "observed default in the outcome window",
}
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
    text.append(
        "Inactive customers are one point, so with them the label is steady; without"
        " them it is a choice of where to cut. What else is known of the customers is"
        " compared as a measurement, not as proof."
    )
    return Section(
        name="label",
        title="Label and its limits",
        text=text,
        facts=[
            Fact(
                "agreement with “bought nothing”, mean over the train rows",
                or_why(facts.training["agreement_with_inactivity"], "no label audit"),
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
                    [{**row, "what": _scenario(row)} for row in facts.label_stability],
                    SCENARIOS,
                    NO_OUTCOMES,
                ),
            ),
            Table(
                "comparisons",
                "The label beside what else is known, test snapshot. AUC 0.5: the"
                " label says nothing about it.",
                COMPARISONS,
                rows_or_why(
                    [_comparison(row) for row in facts.label_comparisons],
                    COMPARISONS,
                    NO_OUTCOMES,
                ),
            ),
            Table(
                "scores",
                "The score beside what happened, test snapshot; 95 % by Hanley and"
                " McNeil, make audit resamples. AUC 0.5, or an interval with it: the"
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


def _scenario(row: Row) -> str:
    who = "all customers" if row["is_inactive_included"] else "active customers only"
    drawn = "drawn again" if row["is_resampled"] else "as they are"
    return f"{who}, {row['cluster_count']} clusters, {drawn}"


def _scored(row: Row) -> Row:
    return {
        **row,
        "outcome": OUTCOMES[str(row["outcome"])],
        "event_count": or_why(row["event_count"], "not reported"),
        "auc": shown_auc(row),
    }


def _comparison(row: Row) -> Row:
    rates = ("high_risk_event_rate", "low_risk_event_rate", "auc")
    return {
        "outcome": OUTCOMES[str(row["outcome"])],
        **{name: or_why(row[name], "not reported") for name in rates},
    }
