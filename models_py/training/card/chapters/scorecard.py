"""Chapters on the scorecard itself: its features with their bins, and its reasons."""

from collections.abc import Mapping

from training.card.causes import given
from training.card.chapters.selection import selection_table
from training.card.parts import Column, Picture, Row, Section, Table
from training.card.reading import Facts
from training.card.svg import Bar, bars

DIRECTIONS = {
    "ascending": "rises",
    "descending": "falls",
    "either": "either way",
    "none": "by category",
}
SUSPECT, STRONG, MEDIUM, WEAK = 0.5, 0.3, 0.1, 0.02


def features(facts: Facts) -> Section:
    """Chapter on what is scored, feature by feature and bin by bin."""
    used = facts.card_features
    unused = [row["name"] for row in facts.features if row["coefficient"] is None]
    return Section(
        name="features",
        title="Features and points",
        text=[
            "Weight of evidence = ln(share of goods ÷ share of bads) of a bin: to the"
            " right of zero is safer. The points of a customer's bins sum to the"
            " score, before rounding. Beside each bar: points, and the share of train"
            " rows. Points are shown with one decimal: shown points need not sum to"
            " the score that is shown, which is the rounded sum of unrounded ones.",
            "An information value above 0.5 would be suspect where a label can leak;"
            " no feature reads the days of the label, which a test proves by deleting"
            " them.",
            f"In the contract and not in the card: {', '.join(unused) or 'none'}. The"
            " table of the selection has the reason for each.",
        ],
        pictures=[_evidence(facts, row) for row in used],
        tables=[
            Table(
                "features",
                "Features of the card. Range: points between the worst and the best"
                " bin with rows.",
                [
                    Column("name", "feature"),
                    Column("formula", "what it is"),
                    Column("unit", "unit"),
                    Column("risk", "risk as it grows"),
                    Column("information_value", "IV", "decimal"),
                    Column("strength", "strength"),
                    Column("coefficient", "coefficient", "decimal"),
                    Column("range", "range", "points"),
                    Column("reference_points", "average points", "points"),
                    Column("reason_code", "reason"),
                ],
                [{**row, **_strength(facts, row)} for row in used],
            ),
            selection_table(facts),
            Table(
                "points",
                "The points table: the model, shown with one decimal (model_card.json"
                " and model.scorecard_points have every digit).",
                [
                    Column("feature", "feature"),
                    Column("bin", "bin"),
                    Column("row_count", "rows", "count"),
                    Column("event_count", "high risk", "count"),
                    Column("woe", "WoE", "signed"),
                    Column("points", "points", "points"),
                ],
                [
                    {**row, "bin": bin_name(row)}
                    for feature in used
                    for row in facts.points_of(feature["name"])
                ],
            ),
        ],
    )


def grades(facts: Facts) -> Section:
    """Chapter on grades, and on the reasons that customers are given."""
    scored = _scored_by_grade(facts)
    total = sum(scored.values())
    wording = {row["reason_code"]: row["customer_wording"] for row in facts.features}
    return Section(
        name="decisions",
        title="Grades, actions and reasons",
        text=[
            "Grades are bands of the score that held their target share of the"
            " out-of-fold train scores. A reason is the sum of points lost, against"
            " the average customer, over the features of its code; a customer is told"
            f" at most {facts.scorecard['reasons_at_most']}, the largest first.",
            "Who is referred without a loss against the average customer is told what"
            " was lost against one at the cut-off; such reasons are not counted below.",
            "Counts are of the customers at the score snapshot, as this version"
            " scores them.",
        ],
        pictures=[
            Picture(
                title="How often each reason is given",
                alt="Bars: share of scored customers who are given each reason.",
                svg=bars(
                    [
                        Bar(
                            label=row["reason_code"],
                            value=row["given_count"] / max(total, 1),
                            note=f"{row['given_count']:,} customers",
                        )
                        for row in facts.reasons
                    ],
                    title="How often each reason is given",
                    alt="Share of scored customers who are given each reason.",
                    unit="share",
                ),
            )
        ]
        if facts.reasons
        else [],
        tables=[
            Table(
                "grades",
                f"Grades. {facts.known_customers - total:,} of"
                f" {facts.known_customers:,} known customers have no purchase in the"
                " observation window: no score, action refer.",
                [
                    Column("grade", "grade"),
                    Column("band", "score"),
                    Column("action", "action"),
                    Column("target_share", "target share", "share"),
                    Column("customers", "customers", "count"),
                    Column("share", "share", "share"),
                ],
                [
                    {
                        **row,
                        "band": band(row["lower"], row["upper"], "{:.1f}"),
                        "customers": scored.get(row["grade"], 0),
                        "share": scored.get(row["grade"], 0) / max(total, 1),
                    }
                    for row in facts.grades
                ],
            ),
            Table(
                "reasons",
                "Reasons: how many customers are given one, to how many it is the"
                " first, and the points they lose by it.",
                [
                    Column("reason_code", "code"),
                    Column("wording", "as the customer reads it"),
                    Column("given_count", "given to", "count"),
                    Column("first_count", "first for", "count"),
                    Column("mean_loss", "mean loss", "points"),
                ],
                [
                    {**row, "wording": wording[row["reason_code"]]}
                    for row in facts.reasons
                ]
                or [
                    {
                        "reason_code": "none",
                        "wording": "nobody loses points",
                        "given_count": 0,
                        "first_count": 0,
                        "mean_loss": 0.0,
                    }
                ],
            ),
        ],
    )


def bin_name(row: Row) -> str:
    """Name a bin as a person reads it.

    Examples
    --------
    >>> kinds = {"bin_kind": "range", "lower": 4060.0, "upper": None}
    >>> bin_name(kinds), bin_name({"bin_kind": "missing"})
    ('4,060 and more', 'missing')
    """
    if row["bin_kind"] == "range":
        return band(row["lower"], row["upper"], "{:,.6g}")
    if row["bin_kind"] == "category":
        return ", ".join(given(row, "categories"))
    return str(row["bin_kind"])


def band(lower: float | None, upper: float | None, form: str) -> str:
    """Name a half-open range.

    Examples
    --------
    >>> band(None, 2.0, "{:g}"), band(2.0, 3.0, "{:g}"), band(None, None, "{:g}")
    ('below 2', '2 to 3', 'all')
    """
    if lower is None:
        return "all" if upper is None else f"below {form.format(upper)}"
    if upper is None:
        return f"{form.format(lower)} and more"
    return f"{form.format(lower)} to {form.format(upper)}"


def _evidence(facts: Facts, feature: Row) -> Picture:
    rows = facts.points_of(feature["name"])
    total = sum(row["row_count"] for row in rows)
    title = f"{feature['name']} (IV {feature['information_value']:.2f})"
    best = max(rows, key=lambda row: row["woe"])
    worst = min(rows, key=lambda row: row["woe"])
    alt = (
        f"Weight of evidence of {feature['name']}, {feature['unit']}: from"
        f" {worst['woe']:+.2f} ({bin_name(worst)}) to {best['woe']:+.2f}"
        f" ({bin_name(best)})."
    )
    drawn = [
        Bar(
            label=bin_name(row),
            value=row["woe"],
            note=f"{row['points']:.1f} · {row['row_count'] / max(total, 1):.0%}",
        )
        for row in rows
    ]
    return Picture(title=title, alt=alt, svg=bars(drawn, title=title, alt=alt))


def _strength(facts: Facts, feature: Row) -> Mapping[str, object]:
    points = [
        row["points"] for row in facts.points_of(feature["name"]) if row["row_count"]
    ]
    value = feature["information_value"]
    names = ((SUSPECT, "very strong"), (STRONG, "strong"), (MEDIUM, "medium"))
    strength = next((name for least, name in names if value >= least), "weak")
    return {
        "risk": DIRECTIONS[feature["monotonic_direction"]],
        "strength": strength if value >= WEAK else "below the floor",
        "range": max(points) - min(points),
    }


def _scored_by_grade(facts: Facts) -> dict[str, int]:
    return {
        row["grade"]: row["row_count"]
        for row in facts.placed_grades
        if row["split"] == "score"
    }
