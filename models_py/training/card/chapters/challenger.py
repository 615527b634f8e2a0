"""Chapter on the price of being interpretable."""

from training.card.chapters.performance import CIRCULAR, RANKS, measured, on_test
from training.card.parts import (
    NO_VALUE,
    Column,
    Picture,
    Row,
    Section,
    Table,
    interval,
    or_why,
)
from training.card.reading import CHALLENGER, SCORECARD, TEST, Facts
from training.card.svg import Bar, bars


def challenger(facts: Facts) -> Section:
    """Chapter on the price of being interpretable."""
    pairs = [
        row
        for row in facts.comparisons
        if (row["candidate"], row["split"]) == (SCORECARD, TEST)
    ]
    price = next((row for row in pairs if row["compared_with"] == CHALLENGER), None)
    return Section(
        name="challenger",
        title="Challenger and the price of interpretability",
        text=[
            "The champion is always the scorecard: it can be replicated from its"
            " table, and its reasons are exact. XGBoost is fitted every time on the"
            " same rows, so that what is given up is known.",
            _price(price),
            _circular(facts),
        ],
        pictures=[
            Picture(
                title="What the challenger looks at",
                alt="Bars: mean absolute TreeSHAP contribution by feature, test.",
                svg=bars(
                    [
                        Bar(
                            row["feature"],
                            row["mean_contribution"],
                            "in the card"
                            if row["feature"]
                            in {f["name"] for f in facts.card_features}
                            else "not in the card",
                        )
                        for row in facts.contributions[:12]
                    ],
                    title="Mean absolute contribution to the log odds, twelve largest",
                    alt="Mean absolute TreeSHAP contribution by feature, test.",
                ),
            )
        ],
        tables=[
            Table(
                "candidates",
                "Every candidate and single column on test.",
                [Column("candidate", "candidate"), *RANKS],
                [measured(row) for row in on_test(facts)],
            ),
            Table(
                "differences",
                "The scorecard minus each other, on the same resampled customers. Share"
                " better: of the resamples in which the scorecard ranks better.",
                [
                    Column("compared_with", "scorecard minus"),
                    Column("auc_shown", "AUC [95 %]", "whole"),
                    Column("gini_shown", "Gini [95 %]", "whole"),
                    Column("share_better", "share better", "share"),
                ],
                [_difference(row) for row in pairs],
            ),
        ],
    )


def _difference(row: Row) -> Row:
    return {
        **row,
        "auc_shown": interval(row, "roc_auc_difference", "{:+.3f}"),
        "gini_shown": interval(row, "gini_difference", "{:+.3f}"),
        "share_better": or_why(row["share_better"], NO_VALUE),
    }


def _price(row: Row | None) -> str:
    if row is None or row["gini_difference"] is None:
        return "The difference in Gini could not be measured on test."
    difference = interval(row, "gini_difference", "{:+.3f}")
    return (
        f"Gini of the scorecard minus Gini of XGBoost, out of time: {difference}. Below"
        " zero is the price; an interval across zero says that none was shown."
    )


def _circular(facts: Facts) -> str:
    auc = next(
        (r["roc_auc"] for r in facts.metrics if r["candidate_kind"] == CIRCULAR), None
    )
    if auc is None:
        return "The usual circular design was not measured on this file."
    return (
        "The usual design (label and features of one window, random rows) would report"
        f" AUC {auc:.3f} on the same file; it measures how well a label can be copied."
    )
