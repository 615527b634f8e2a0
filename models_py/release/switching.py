"""Which releases there are, and going back to one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release import layout
from release.errors import ReleaseError


@dataclass(frozen=True, slots=True)
class Listed:
    """A release on disk.

    Attributes
    ----------
    manifest
        None if it cannot be read.
    """

    release_id: str
    is_current: bool
    manifest: dict[str, Any] | None


def releases(releases_dir: Path) -> Iterator[Listed]:
    """Give all releases, newest first.

    Examples
    --------
    >>> list(releases(Path("/no/such/folder")))
    []
    """
    current = layout.current_release_id(releases_dir)
    for release_id in layout.releases_newest_first(releases_dir):
        try:
            manifest = layout.read_manifest(releases_dir / release_id)
        except ReleaseError:
            manifest = None
        yield Listed(release_id, release_id == current, manifest)


def roll_back(releases_dir: Path, release_id: str | None = None) -> str:
    """Make an older release the current one.

    Parameters
    ----------
    releases_dir
        Folder of all releases.
    release_id
        Which one; the newest that is older than the current one when absent.

    Returns
    -------
    str
        Its id.

    Raises
    ------
    ReleaseError
        If there is no such release, or it is damaged; then nothing has changed.
    """
    if not releases_dir.is_dir():
        message = f"no releases at {releases_dir}; check DATA_DIR"
        raise ReleaseError(message)
    with layout.sole_publisher(releases_dir):
        chosen = release_id or _before_current(releases_dir)
        if chosen not in layout.releases_newest_first(releases_dir):
            message = (
                f"{releases_dir} has no release {chosen}; "
                "python -m release list names them"
            )
            raise ReleaseError(message)
        layout.verify(releases_dir / chosen)
        layout.point_to(releases_dir, chosen)
        return chosen


def _before_current(releases_dir: Path) -> str:
    newest_first = layout.releases_newest_first(releases_dir)
    current = layout.current_release_id(releases_dir)
    older = (
        newest_first[newest_first.index(current) + 1 :]
        if current in newest_first
        else newest_first
    )
    if not older:
        message = f"{releases_dir} has no release before {current or 'this'}"
        raise ReleaseError(message)
    return older[0]
