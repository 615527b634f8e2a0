"""Chapter on probabilities against what was observed."""

from training.card.alarms import HELD_OUT, calibration_alarms
from training.card.causes import ONE_CLASS, given, interval
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
from training.card.reading import SCORECARD, TEST, Facts
from training.card.svg import Dot, dots

# Names of training.calibration; degrees of freedom that its line takes.
ISOTONIC, FITTED = "isotonic", 2


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
            *shifted(facts),
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
                    "only with observed outcomes"
                    if facts.is_proxy
                    else "var central_tendency is not set",
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
                [_line(facts, row) for row in rows],
            ),
        ],
    )


def shifted(facts: Facts) -> list[str]:
    """Say that rows of another rate than the central tendency are off by design."""
    share = facts.training["central_tendency"]
    if share is None:
        return []
    return [
        f"Probabilities are shifted to a central tendency of {share:.1%}, which is a"
        " var and not the rate of these rows: where they default more or less often,"
        " lights and intercepts are off by that shift."
    ]


def _by_grade(rows: list[Row], rate: str) -> Picture:
    title = f"Test: observed {rate} by grade (dot, 95 % interval), predicted (diamond)"
    alt = "; ".join(
        f"{row['grade']}: predicted {given(row, 'predicted'):.1%}, observed"
        f" {given(row, 'observed'):.1%}"
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
    why = None if row["row_count"] else "no rows"
    names = ("predicted", "observed", "binomial_p_value", "jeffreys_p_value")
    return {
        **row,
        **{name: or_why(row[name], why) for name in (*names, "traffic_light")},
        "interval": or_why(None, why) or _jeffreys(row),
    }


def _jeffreys(row: Row) -> str:
    ends = (given(row, f"observed_{end}") for end in ("lower", "upper"))
    return " to ".join(written(end, "share") for end in ends)


def _line(facts: Facts, row: Row) -> Row:
    why = _why_no_line(facts, row)
    few = "too few groups" if row["row_count"] <= FITTED else None
    return {
        **row,
        "intercept_shown": interval(row, "intercept", why=why),
        "slope_shown": interval(row, "slope", why=why),
        "hosmer_lemeshow_p_value": or_why(row["hosmer_lemeshow_p_value"], few),
    }


def _why_no_line(facts: Facts, row: Row) -> str | None:
    """Say why no line goes through the rows, where they show it."""
    if row["method"] == ISOTONIC:
        return "a curve has no line"
    if row["observed"] in (0.0, 1.0):
        return ONE_CLASS
    is_one_score = facts.metric(SCORECARD, row["split"])["ks"] == 0.0
    return "one score only" if is_one_score else None
