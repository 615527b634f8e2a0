"""Chapter on whether parts of the customers fare differently."""

from collections.abc import Sequence

from training.card.causes import ROWS_AT_LEAST, interval, one_class
from training.card.parts import Column, Picture, Row, Section, Table, or_why
from training.card.reading import SCORECARD, TEST, Facts
from training.card.svg import Dot, dots

FOUR_FIFTHS = 0.8
SNAPSHOT = "snapshot_date"


def fairness(facts: Facts) -> Section:
    """Chapter on whether parts of the customers fare differently."""
    found = [
        row
        for row in facts.segments
        if row["segment_name"] != SNAPSHOT
        and (row["candidate"], row["split"]) == (SCORECARD, TEST)
    ]
    rows = [
        {
            **measured_segment(row),
            "adverse_impact_ratio": or_why(
                row["adverse_impact_ratio"], _why_no_ratio(row, found)
            ),
        }
        for row in found
    ]
    names = dict.fromkeys(str(row["segment_name"]) for row in rows)
    below = [
        f"{row['segment_name']} {row['segment_value']}"
        f" ({row['adverse_impact_ratio']:.2f}, {row['row_count']:,} rows)"
        for row in rows
        if isinstance(row["adverse_impact_ratio"], float)
        and row["adverse_impact_ratio"] < FOUR_FIFTHS
        and row["row_count"] >= ROWS_AT_LEAST
    ]
    return Section(
        name="fairness",
        title="Fairness by available segments",
        text=[
            "No protected attribute is in the data: no age, sex, origin, religion or"
            " address. So unequal treatment of protected groups can be neither shown"
            " nor ruled out here. What follows are the segments there are; channel,"
            " product and price plan may stand for such groups, or for nothing.",
            "Adverse-impact ratio: approval rate over the highest approval rate of"
            " the segments of the same name. Below 0.8 (the four-fifths rule of thumb)"
            " calls for a look, not for a verdict: segments differ in risk too, which"
            " the observed and predicted rates beside it show.",
            f"Below 0.8, of segments of {ROWS_AT_LEAST} rows or more:"
            f" {'; '.join(below) or 'none'}.",
        ],
        pictures=[_impact(rows, name) for name in names],
        tables=[
            Table(
                "segments",
                "The scorecard by segment, test snapshot.",
                [
                    Column("segment_name", "segment"),
                    Column("segment_value", "value"),
                    Column("row_count", "rows", "count"),
                    Column("event_rate", "high risk", "share"),
                    Column("predicted", "predicted", "share"),
                    Column("auc", "AUC [95 % interval]", "whole"),
                    Column("approval_rate", "approved", "share"),
                    Column("adverse_impact_ratio", "impact ratio", "decimal"),
                    Column("type_1_error_rate", "type I", "share"),
                    Column("type_2_error_rate", "type II", "share"),
                ],
                rows,
            )
        ],
    )


def _impact(rows: Sequence[Row], name: str) -> Picture:
    title = f"{name}: approval rate over the highest (dashed: four fifths)"
    drawn = [
        Dot(
            str(row["segment_value"]),
            ratio if isinstance(ratio, float) else None,
            None,
            None,
            None,
            f"{ratio:.2f}" if isinstance(ratio, float) else "no ratio",
        )
        for row in rows
        if row["segment_name"] == name
        for ratio in [row["adverse_impact_ratio"]]
    ]
    alt = "; ".join(f"{dot.label} {dot.note}" for dot in drawn)
    svg = dots(drawn, title=title, alt=alt, least=0.0, most=1.0, reference=FOUR_FIFTHS)
    return Picture(title=title, alt=alt, svg=svg)


def measured_segment(row: Row) -> Row:
    """Fill what a segment could not be measured with by the reason that it shows."""
    rate = row["event_rate"]
    no_bads, no_goods = (
        f"nobody is {who}" if rate == none else None
        for who, none in (("bad", 0.0), ("good", 1.0))
    )
    return {
        **row,
        "auc": interval(row, "roc_auc", why=one_class(row)),
        "type_1_error_rate": or_why(row["type_1_error_rate"], no_bads),
        "type_2_error_rate": or_why(row["type_2_error_rate"], no_goods),
    }


def _why_no_ratio(row: Row, rows: Sequence[Row]) -> str | None:
    compared = [
        other["approval_rate"]
        for other in rows
        if other["segment_name"] == row["segment_name"]
        and other["row_count"] >= ROWS_AT_LEAST
    ]
    if any(rate is None or rate > 0 for rate in compared):
        return None
    return f"nobody is approved in a segment of {ROWS_AT_LEAST} rows or more"
