"""Chapter on the price of being interpretable."""

from training.card.causes import (
    INTERVALS,
    given,
    interval,
    not_recorded,
    one_class,
    too_few,
)
from training.card.chapters.performance import CIRCULAR, RANKS, measured, on_test
from training.card.parts import Column, Picture, Row, Section, Table, or_why
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
    why = one_class(facts.metric(SCORECARD, TEST))
    older = not_recorded(facts, INTERVALS)
    return Section(
        name="challenger",
        title="Challenger and the price of interpretability",
        text=[
            "The champion is always the scorecard: it can be replicated from its"
            " table, and its reasons are exact. XGBoost is fitted every time on the"
            " same rows, so that what is given up is known.",
            _price(price, why),
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
                [measured(row, older) for row in on_test(facts)],
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
                [_difference(row, why) for row in pairs],
            ),
        ],
    )


def _difference(row: Row, why: str | None) -> Row:
    return {
        **row,
        "auc_shown": interval(row, "roc_auc_difference", "{:+.3f}", why=why),
        "gini_shown": interval(row, "gini_difference", "{:+.3f}", why=why),
        "share_better": or_why(row["share_better"], why or too_few(row)),
    }


def _price(row: Row | None, why: str | None) -> str:
    if row is None:
        return f"{CHALLENGER} was not trained: the difference in Gini is not known."
    difference = interval(row, "gini_difference", "{:+.3f}", why=why)
    return (
        f"Gini of the scorecard minus Gini of XGBoost, out of time: {difference}. Below"
        " zero is the price; an interval across zero says that none was shown."
    )


def _circular(facts: Facts) -> str:
    row = next((r for r in facts.metrics if r["candidate_kind"] == CIRCULAR), None)
    if row is None:
        return "The usual circular design was not measured on this file."
    if one_class(row):
        return "The usual circular design saw one class only: nothing was measured."
    auc = given(row, "roc_auc")
    return (
        "The usual design (label and features of one window, random rows) would report"
        f" AUC {auc:.3f} on the same file; it measures how well a label can be copied."
    )
