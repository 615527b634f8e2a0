"""Publishing: read, freeze, write beside, rename, point."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from release import layout
from release.content import ReleaseContent, read_content
from release.customers import write_customers
from release.registry import RegisteredModel, resolve_alias
from release.scorecard import canonical_json
from release.settings import ReleaseSettings
from release.warehouse import Row, Warehouse, open_warehouse

Outcome = Literal["published", "activated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Publication:
    """What one run did.

    Attributes
    ----------
    outcome
        ``published``: a new folder; ``activated``: the same content was
        published before and the pointer went back to it; ``unchanged``: it is
        the current release already.
    folder
        Release folder; its name is the release id.
    manifest
        Its manifest.
    removed
        Old releases that made room.
    """

    outcome: Outcome
    folder: Path
    manifest: dict[str, Any]
    removed: list[str]


def publish(settings: ReleaseSettings) -> Publication:
    """Freeze the customers and the scorecard that an alias names.

    Raises
    ------
    ReleaseError
        If something that a release needs is missing or contradicts the rest;
        then no release has changed.
    """
    model = resolve_alias(settings, settings.model_alias)
    with layout.sole_publisher(settings.releases_dir):
        outcome, folder = _publish_model(settings, model)
        removed = (
            layout.remove_old_releases(settings.releases_dir, settings.releases_kept)
            if settings.releases_kept is not None
            else []
        )
        return Publication(outcome, folder, layout.read_manifest(folder), removed)


def _publish_model(
    settings: ReleaseSettings, model: RegisteredModel
) -> tuple[Outcome, Path]:
    releases_dir = settings.releases_dir
    with layout.build_folder(releases_dir) as building:
        draft = building / "release"
        draft.mkdir()
        with open_warehouse(
            settings.warehouse, spill_to=building / "spill"
        ) as warehouse:
            content = read_content(warehouse, model)
            folder = releases_dir / content.release_id
            if folder.is_dir():
                return _activate(folder), folder
            _write_release(draft, content, warehouse)
        layout.seal(draft, folder)
    layout.point_to(releases_dir, folder.name)
    return "published", folder


def _activate(folder: Path) -> Outcome:
    layout.verify(folder)
    if layout.current_release_id(folder.parent) == folder.name:
        return "unchanged"
    layout.point_to(folder.parent, folder.name)
    return "activated"


def _write_release(draft: Path, content: ReleaseContent, warehouse: Warehouse) -> None:
    write_customers(warehouse, draft / layout.CUSTOMERS_FILE)
    scorecard_file = draft / layout.SCORECARD_FILE
    scorecard_file.write_bytes(canonical_json(content.scorecard))
    files = {path.name: _file_entry(path) for path in sorted(draft.iterdir())}
    manifest = content.manifest(
        created_at=datetime.now(UTC),
        duckdb_version=duckdb.__version__,
        files=files,
    )
    (draft / layout.MANIFEST_FILE).write_bytes(canonical_json(manifest))


def _file_entry(path: Path) -> Row:
    return {"sha256": layout.sha256_of(path), "bytes": path.stat().st_size}
