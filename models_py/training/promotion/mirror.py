"""Alias `champion` of the registry follows model.champion; what it was last set to.

The file is removed before a promotion is written and written after the alias is
set. If a run is stopped in between, the next one finds none and sets the alias.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from training.promotion.ledger import Champion
from training.settings import Settings


@dataclass(frozen=True)
class Mirror:
    """Where the alias points, and in which registry."""

    tracking_uri: str
    model_name: str
    registered_version: str


def read_mirror(path: Path) -> Mirror | None:
    """Read what the alias was last set to; None if that is not known."""
    try:
        return Mirror(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget_mirror(path: Path) -> None:
    """Make the next run set the alias, whatever happens to this one."""
    path.unlink(missing_ok=True)


def mirror_champion(settings: Settings, champion: Champion | None) -> None:
    """Point the alias at the champion, unless it is known to point there."""
    if champion is None or champion.registered_version is None:
        return
    wanted = Mirror(
        settings.tracking_uri,
        settings.model_name,
        champion.registered_version,
    )
    if read_mirror(settings.mirror_file) == wanted:
        return
    from training.registry import set_alias

    if not set_alias(settings, wanted.registered_version, champion.model_version):
        return
    path = settings.mirror_file
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    unfinished.replace(path)


def registry_is_filled(settings: Settings) -> bool:
    """Tell whether runs so far went to the settings' registry, and it is there."""
    if settings.local_registry is not None and not settings.local_registry.exists():
        return False
    last = read_mirror(settings.mirror_file)
    return last is None or last.tracking_uri == settings.tracking_uri
