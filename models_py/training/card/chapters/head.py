"""What stands at the head of the card: the gain, and what to know before any figure."""

from training.card.alarms import calibration_alarms
from training.card.causes import given, interval, one_class
from training.card.chapters.approval import gate_alarms
from training.card.chapters.calibration import shifted
from training.card.outcomes import finds_defaults
from training.card.reading import SCORECARD, TEST, Facts


def headline(facts: Facts) -> str:
    """Say the gain over the best single column, with its interval."""
    run, test = facts.training, facts.metric(SCORECARD, TEST)
    if one_class(test) and run["auc_gain"] is None:
        return "The test snapshot has one class only: ranking cannot be measured."
    gain = interval({**test, **run}, "auc_gain", "{:+.3f}")
    return (
        f"Out of time the scorecard reaches AUC {given(test, 'roc_auc'):.3f}, a gain of"
        f" {gain} over {given(run, 'best_column')} alone."
    )


def warnings(facts: Facts) -> list[str]:
    """Say what a reader should know before any figure."""
    found = []
    if facts.data["kind"] == "simulated":
        found.append(
            "The data are simulated: no figure here says anything about customers."
        )
    if facts.is_proxy:
        found.append(
            f"The target is {facts.scorecard['target_name']}: a behavioural proxy, not"
            " a probability of default. The worst automatic action is refer."
        )
    found += _on_defaults(facts)
    found += _on_repeats(facts)
    if not facts.is_champion:
        found.append("This version is not the champion: it scores nobody.")
    lower = facts.training["auc_gain_lower"]
    if lower is not None and lower <= 0:
        found.append("It is not shown to be better than its best single column.")
    found += gate_alarms(facts)
    alarms = calibration_alarms(facts.grade_calibration, facts.calibration)
    return [*found, *(shifted(facts) if alarms else []), *alarms]


def _on_repeats(facts: Facts) -> list[str]:
    count = facts.trainings_on_test
    if count <= 1:
        return []
    return [
        f"{count} trainings were measured on this test snapshot: whoever chose among"
        " them by its figures has tuned to it."
    ]


def _on_defaults(facts: Facts) -> list[str]:
    is_shown, why = finds_defaults(facts.score_comparisons)
    return [] if is_shown else [f"The score is not shown to find defaults: {why}."]
