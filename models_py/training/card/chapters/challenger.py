"""Chapter on the price of being interpretable."""

from collections.abc import Sequence

from training.card.causes import (
    INTERVALS,
    given,
    interval,
    not_recorded,
    one_class,
    too_few,
)
from training.card.chapters.performance import CIRCULAR, RANKS, measured, on_test
from training.card.parts import (
    Column,
    Picture,
    Row,
    Section,
    Table,
    or_why,
    rows_or_why,
)
from training.card.price import (
    GINI_BEHIND,
    said_behind,
    shown_price,
    splits_behind,
)
from training.card.reading import CHALLENGER, SCORECARD, TEST, Facts
from training.card.svg import Bar, bars

NOT_TRAINED = "XGBoost was not trained"
PRICES = [
    Column("split", "split"),
    Column("row_count", "rows", "count"),
    Column("card", "Gini of the scorecard", "decimal"),
    Column("challenger", "of XGBoost", "decimal"),
    Column("price", "difference [95 %]", "whole"),
    Column("behind", f"more than {GINI_BEHIND:g} behind"),
]


def challenger(facts: Facts) -> Section:
    """Chapter on the price of being interpretable."""
    pairs = [
        row
        for row in facts.comparisons
        if (row["candidate"], row["split"]) == (SCORECARD, TEST)
    ]
    prices = prices_of(facts)
    why = one_class(facts.metric(SCORECARD, TEST))
    older = not_recorded(facts, INTERVALS)
    return Section(
        name="challenger",
        title="Challenger and the price of interpretability",
        text=[
            "The champion is always the scorecard: it can be replicated from its"
            " table, and its reasons are exact. XGBoost is fitted every time on the"
            " same rows, so that what is given up is known.",
            *_price(facts, prices),
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
                "prices",
                "Gini of the scorecard minus Gini of XGBoost on every split that"
                " neither was fitted to, on the same resampled customers.",
                PRICES,
                rows_or_why(
                    [_price_row(facts, row) for row in prices],
                    PRICES,
                    None if _has_challenger(facts) else NOT_TRAINED,
                ),
            ),
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


def prices_of(facts: Facts) -> Sequence[Row]:
    """Rows of the scorecard against the challenger, one per split."""
    return [
        row
        for row in facts.comparisons
        if (row["candidate"], row["compared_with"]) == (SCORECARD, CHALLENGER)
    ]


def _has_challenger(facts: Facts) -> bool:
    return any(row["candidate"] == CHALLENGER for row in facts.metrics)


def _price(facts: Facts, prices: Sequence[Row]) -> Sequence[str]:
    if not prices:
        return [f"{CHALLENGER} was not trained: the difference in Gini is not known."]
    said = [
        "The price, by split, is the Gini of the scorecard minus that of XGBoost:"
        " below zero it is paid; an interval across zero says that none was shown."
        f" {said_behind(prices)}"
    ]
    return [*said, _why_behind(facts)] if splits_behind(prices) else said


def _why_behind(facts: Facts) -> str:
    """Say how much of what XGBoost sees is in features that the card leaves out."""
    used = {row["name"] for row in facts.card_features}
    total = sum(row["mean_contribution"] for row in facts.contributions)
    left = [row for row in facts.contributions if row["feature"] not in used]
    share = sum(row["mean_contribution"] for row in left) / total if total else 0.0
    largest = ", ".join(str(row["feature"]) for row in left[:3]) or "none"
    return (
        "Where the card is behind, XGBoost has what it lacks: features that are not in"
        f" the card, {share:.0%} of its mean absolute contributions (largest:"
        f" {largest}), and curves within bins and interactions, which a sum of points"
        " cannot have. How much of the difference each makes is not measured."
    )


def _price_row(facts: Facts, row: Row) -> Row:
    metrics = [facts.metric(name, row["split"]) for name in (SCORECARD, CHALLENGER)]
    why = one_class(metrics[0])
    card, other = (or_why(m["gini"], why) for m in metrics)
    is_behind = row["split"] in splits_behind([row])
    return {
        **row,
        "card": card,
        "challenger": other,
        "price": shown_price(row, why),
        "behind": or_why(None, why) or ("yes" if is_behind else "no"),
    }


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
