"""Building the card of a version, and writing it beside the other reports."""

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from training.card.chapters import (
    about,
    calibration,
    challenger,
    example,
    fairness,
    head,
    label,
    monitoring,
    performance,
    scorecard,
    stability,
)
from training.card.page import as_html
from training.card.parts import Card, as_json, check_complete
from training.card.reading import Facts, read_facts
from training.settings import Settings
from training.warehouse import open_warehouse

logger = logging.getLogger(__name__)

STEM = "model_card"


def build_card(facts: Facts) -> Card:
    """Put the chapters together.

    Raises
    ------
    TrainingError
        If a field has nothing to say.
    """
    card = Card(
        model_version=facts.version,
        headline=head.headline(facts),
        warnings=head.warnings(facts),
        sections=[
            about.purpose(facts),
            about.data(facts),
            label.label(facts),
            scorecard.features(facts),
            scorecard.grades(facts),
            performance.performance(facts),
            calibration.calibration(facts),
            stability.stability(facts),
            fairness.fairness(facts),
            challenger.challenger(facts),
            monitoring.monitoring(facts),
            example.capital_example(facts),
            about.versions(facts),
        ],
    )
    check_complete(card)
    return card


def write_card(settings: Settings, version: str | None = None) -> list[str]:
    """Write model_card.html and .json; the champion's unless `version` says another.

    Another version's card is named model_card_VERSION. Files that would not change
    are left as they are.

    Returns
    -------
    list of str
        What to show.

    Raises
    ------
    TrainingError
        If there is no such model, or a field of the card is empty.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        facts = read_facts(connection, version)
    card = build_card(facts)
    stem = STEM if facts.is_champion else f"{STEM}_{facts.version}"
    folder = settings.data_dir / "reports"
    text = json.dumps(as_json(card), indent=2, ensure_ascii=False, allow_nan=False)
    contents = {
        folder / f"{stem}.json": f"{text}\n",
        folder / f"{stem}.html": as_html(card),
    }
    changed = _replace(contents)
    what = "wrote" if changed else "unchanged:"
    return [f"{what} {path}" for path in contents]


def _replace(contents: dict[Path, str]) -> Sequence[Path]:
    """Replace the files that differ, each in one move."""
    changed = []
    for path, content in contents.items():
        new = content.encode()
        if path.is_file() and path.read_bytes() == new:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        draft.write_bytes(new)
        draft.replace(path)
        changed.append(path)
    return changed
