"""Chapter on what is watched, with limits taken from this version."""

from training.card.alarms import calibration_alarms
from training.card.causes import given, one_class, too_few
from training.card.chapters.fairness import FOUR_FIFTHS
from training.card.outcomes import finds_defaults
from training.card.parts import Column, Section, Table
from training.card.reading import SCORECARD, TEST, Facts
from training.card.shift import LARGE, SMALL


def monitoring(facts: Facts) -> Section:
    """Chapter on what is watched, with limits taken from this version's figures."""
    test = facts.metric(SCORECARD, TEST)
    why = one_class(test) or too_few(test)
    floor = (
        f"not set: {why}"
        if why and test["roc_auc_lower"] is None
        else f"below {given(test, 'roc_auc_lower'):.3f}"
    )
    usual = f"10 points from {given(test, 'approval_rate'):.1%}"
    psi = f"PSI above {SMALL} and above noise: look; above {LARGE}: stop"
    is_shown, said = finds_defaults(facts.score_comparisons)
    alarms = calibration_alarms(facts.grade_calibration, facts.calibration)
    now = {
        "calibration": " ".join(alarms) or "within its limits",
        "observed outcomes": _stop_rule(is_shown=is_shown, why=said),
    }
    plan = [
        ("score distribution", "every score snapshot", psi, "find the feature below"),
        ("each feature", "every score snapshot", psi, "check the source; refit"),
        (
            "discrimination",
            "when an outcome window closes",
            f"AUC {floor} (the lower end of its interval)",
            "compare with the challenger; refit",
        ),
        (
            "calibration",
            "when an outcome window closes",
            "interval without slope 1 or intercept 0, or a red grade",
            "refit; no shift on a proxy" if facts.is_proxy else "refit",
        ),
        ("share approved", "every score snapshot", usual, "explain before release"),
        (
            "segments",
            "when an outcome window closes",
            f"impact ratio newly below {FOUR_FIFTHS}",
            "look for a stand-in; ask compliance",
        ),
        (
            "label",
            "every build",
            "agreement with inactivity or share of high risk moves"
            if facts.is_proxy
            else "share of defaults moves",
            "rename the target; tell its users"
            if facts.is_proxy
            else "check the outcomes; tell its users",
        ),
        (
            "overrides",
            "monthly",
            "share of referred cases that a person approves",
            "move the cut-off by a promoted version",
        ),
        (
            "observed outcomes",
            "as soon as there are any",
            "interval of the AUC against default includes 0.5 or lies below",
            "stop using the score",
        ),
        ("whole model", "yearly, and at each alarm above", "due", "validate again"),
    ]
    names = ("what", "when", "limit", "then")
    return Section(
        name="monitoring",
        title="Monitoring plan",
        text=[
            "What is watched, when, what is too much, and what happens then. Limits"
            " that depend on this version are taken from its own figures. Rules that"
            " this version's own figures can answer are evaluated under “now”.",
        ],
        tables=[
            Table(
                "plan",
                "The plan.",
                [Column(name, name) for name in (*names, "now")],
                [
                    {
                        **dict(zip(names, line, strict=True)),
                        "now": now.get(line[0], "from the next snapshot on"),
                    }
                    for line in plan
                ],
            )
        ],
    )


def _stop_rule(*, is_shown: bool, why: str) -> str:
    if why.startswith("not available"):
        return why
    return f"passed: {why}" if is_shown else f"stop: {why}"
