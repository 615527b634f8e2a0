"""Chapter on probabilities against what was observed."""

from training.card.alarms import HELD_OUT, calibration_alarms
from training.card.parts import (
    Column,
    Fact,
    Picture,
    Row,
    Section,
    Table,
    interval,
    or_why,
    written,
)
from training.card.reading import SCORECARD, TEST, Facts
from training.card.svg import Dot, dots


def calibration(facts: Facts) -> Section:
    """Chapter on probabilities against what was observed."""
    card = facts.scorecard
    rows = [row for row in facts.calibration if row["candidate"] == SCORECARD]
    held_out = [
        row
        for split in HELD_OUT
        for row in facts.grade_calibration
        if row["split"] == split
    ]
    tested = [row for row in held_out if row["split"] == TEST]
    alarms = calibration_alarms(facts.grade_calibration, facts.calibration)
    rate = "proxy rate" if facts.is_proxy else "default rate"
    return Section(
        name="calibration",
        title="Calibration",
        text=[
            "A line through the out-of-fold log odds of train is folded into the"
            " points; nothing is calibrated on test, where it is only reported."
            " Isotonic is shown for comparison and used nowhere.",
            "Traffic lights ask whether a grade's risk is underestimated: green from"
            f" a Jeffreys p-value of 0.05, yellow from 0.01, else red. {len(held_out)}"
            " tests at once turn one light by chance more often than one test would.",
            " ".join(alarms)
            or "No light is red, and every interval of a held-out"
            " split holds intercept 0 and slope 1.",
        ],
        facts=[
            Fact("slope folded into the points", card["calibration_slope"], "decimal"),
            Fact(
                "intercept folded into the points",
                card["calibration_intercept"],
                "signed",
            ),
            Fact(
                "central tendency",
                or_why(
                    facts.training["central_tendency"],
                    "only with observed outcomes",
                ),
                "share",
            ),
        ],
        pictures=[_by_grade(tested, rate)],
        tables=[
            Table(
                "grades",
                f"Predicted and observed {rate} by grade, on rows that nothing was"
                " fitted to.",
                [
                    Column("split", "split"),
                    Column("grade", "grade"),
                    Column("action", "action"),
                    Column("row_count", "rows", "count"),
                    Column("event_count", "high risk", "count"),
                    Column("predicted", "predicted", "share"),
                    Column("observed", "observed", "share"),
                    Column("interval", "95 % Jeffreys interval", "whole"),
                    Column("binomial_p_value", "binomial p", "decimal"),
                    Column("jeffreys_p_value", "Jeffreys p", "decimal"),
                    Column("traffic_light", "light"),
                ],
                [_grade(row) for row in held_out],
            ),
            Table(
                "lines",
                "Logit of what happened = intercept + slope × predicted log odds: 0"
                " and 1 are right, a slope below 1 says predictions are too extreme.",
                [
                    Column("split", "split"),
                    Column("method", "method"),
                    Column("predicted", "predicted", "share"),
                    Column("observed", "observed", "share"),
                    Column("intercept_shown", "intercept [95 %]", "whole"),
                    Column("slope_shown", "slope [95 %]", "whole"),
                    Column("brier", "Brier", "decimal"),
                    Column("hosmer_lemeshow_p_value", "Hosmer–Lemeshow p", "decimal"),
                ],
                [_line(row) for row in rows],
            ),
        ],
    )


def _by_grade(rows: list[Row], rate: str) -> Picture:
    title = f"Test: observed {rate} by grade (dot, 95 % interval), predicted (diamond)"
    alt = "; ".join(
        f"{row['grade']}: predicted {row['predicted']:.1%}, observed"
        f" {row['observed']:.1%}"
        for row in rows
        if row["row_count"]
    )
    drawn = [
        Dot(
            f"{row['grade']} ({row['action']})",
            row["observed"],
            row["observed_lower"],
            row["observed_upper"],
            row["predicted"],
            str(row["traffic_light"] or "no rows"),
        )
        for row in rows
    ]
    svg = dots(drawn, title=title, alt=alt, least=0.0, most=1.0, unit="share")
    return Picture(title=title, alt=alt, svg=svg)


def _grade(row: Row) -> Row:
    no_rows = "no rows"
    ends = (written(row[f"observed_{end}"], "share") for end in ("lower", "upper"))
    names = ("predicted", "observed", "binomial_p_value", "jeffreys_p_value")
    return {
        **row,
        **{name: or_why(row[name], no_rows) for name in names},
        "traffic_light": or_why(row["traffic_light"], no_rows),
        "interval": " to ".join(ends) if row["row_count"] else or_why(None, no_rows),
    }


def _line(row: Row) -> Row:
    isotonic = "a curve has no line"
    return {
        **row,
        "intercept_shown": isotonic
        if row["intercept"] is None
        else interval(row, "intercept"),
        "slope_shown": isotonic if row["slope"] is None else interval(row, "slope"),
        "hosmer_lemeshow_p_value": or_why(
            row["hosmer_lemeshow_p_value"], "too few groups"
        ),
    }
