"""Promoting from the command line: the ledger, then the alias."""

from datetime import UTC, datetime

from training.promotion.ledger import champion_of, promote
from training.promotion.mirror import forget_mirror, mirror_champion
from training.settings import Settings
from training.warehouse import open_warehouse


def promote_version(
    settings: Settings, *, model_version: str, approver: str, reason: str
) -> list[str]:
    """Promote a trained version and let the alias follow; the lines to show.

    Raises
    ------
    TrainingError
        If the version is unknown or already champion, or a text is blank.
    """
    before = champion_of(settings)
    forget_mirror(settings.mirror_file)
    with open_warehouse(settings.warehouse, read_only=False) as connection:
        promote(
            connection,
            model_version=model_version,
            approver=approver,
            reason=reason,
            now=datetime.now(UTC).replace(tzinfo=None),
        )
    mirror_champion(settings, champion_of(settings))
    return [
        f"champion is {model_version}, before"
        f" {before.model_version if before else 'none'}; now score and release it:"
        " make run, or dbt build --select tag:scoring and python -m release"
    ]
