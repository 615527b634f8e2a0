"""The folder of releases: names, pointer, and the order of writes to disk.

A release folder is immutable and its name is never used twice. It appears by
one rename, after every byte in it has reached the disk; only then the pointer
moves. An interruption leaves at most a folder that starts with ``.building-``,
which the next run removes.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from release.errors import ReleaseError

RELEASE_FORMAT: Final = 2
POINTER_FILE: Final = "CURRENT"
MANIFEST_FILE: Final = "manifest.json"
SCORECARD_FILE: Final = "scorecard.json"
CUSTOMERS_FILE: Final = "customers.duckdb"
BUILDING_PREFIX: Final = ".building-"


def current_release_id(releases_dir: Path) -> str | None:
    """Return the release that the pointer names, or None without a pointer.

    Examples
    --------
    >>> current_release_id(Path("/no/such/folder")) is None
    True
    """
    try:
        text = (releases_dir / POINTER_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return text.strip() or None


def point_to(releases_dir: Path, release_id: str) -> None:
    """Make a release the current one, atomically and durably."""
    draft = releases_dir / f"{BUILDING_PREFIX}{POINTER_FILE}"
    with draft.open("w", encoding="utf-8") as pointer:
        pointer.write(f"{release_id}\n")
        pointer.flush()
        os.fsync(pointer.fileno())
    draft.replace(releases_dir / POINTER_FILE)
    flush_folder(releases_dir)


@contextmanager
def build_folder(releases_dir: Path) -> Iterator[Path]:
    """Give a folder to build in; what is left of it afterwards is removed."""
    folder = Path(tempfile.mkdtemp(prefix=BUILDING_PREFIX, dir=releases_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seal(draft: Path, folder: Path) -> None:
    """Flush a finished draft to disk and give it its final name."""
    for path in draft.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    flush_folder(draft)
    draft.rename(folder)
    flush_folder(folder.parent)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a release folder.

    Raises
    ------
    ReleaseError
        If it is missing or not JSON.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"release {folder.name} is damaged: {MANIFEST_FILE} is not readable"
        raise ReleaseError(message) from error
    return manifest


def verify(folder: Path) -> dict[str, Any]:
    """Compare every file of a release with the digest in its manifest.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    ReleaseError
        If a file is missing or differs.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.get("files", {}).items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != expected["sha256"]:
            message = (
                f"release {folder.name} is damaged: {name} is not the file that its "
                f"manifest names; remove {folder} and publish again"
            )
            raise ReleaseError(message)
    return manifest


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def releases_newest_first(releases_dir: Path) -> list[str]:
    """Return the ids of all releases by the time in their manifest.

    A release whose manifest cannot be read counts as the oldest.
    """
    found = [
        (_created_at(path.parent), path.parent.name)
        for path in releases_dir.glob(f"*/{MANIFEST_FILE}")
        if not path.parent.name.startswith(BUILDING_PREFIX)
    ]
    return [release_id for _, release_id in sorted(found, reverse=True)]


def remove_old_releases(releases_dir: Path, kept: int) -> list[str]:
    """Keep the newest releases and the current one; return what was removed."""
    current = current_release_id(releases_dir)
    old = [
        release_id
        for release_id in releases_newest_first(releases_dir)[kept:]
        if release_id != current
    ]
    for release_id in old:
        # Renamed first: an interrupted removal must not look like a release.
        doomed = releases_dir / f"{BUILDING_PREFIX}{release_id}"
        (releases_dir / release_id).rename(doomed)
        shutil.rmtree(doomed)
    return old


@contextmanager
def sole_publisher(releases_dir: Path) -> Iterator[None]:
    """Hold the folder of releases alone, without leftovers of earlier runs.

    Raises
    ------
    ReleaseError
        If another process is publishing into the same folder.
    """
    releases_dir.mkdir(parents=True, exist_ok=True)
    with (releases_dir / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"another run is publishing into {releases_dir}; wait for it"
            raise ReleaseError(message) from error
        _remove_leftovers(releases_dir)
        yield


def _created_at(folder: Path) -> str:
    try:
        return str(read_manifest(folder).get("created_at", ""))
    except ReleaseError:
        return ""


def _remove_leftovers(releases_dir: Path) -> None:
    for path in releases_dir.glob(f"{BUILDING_PREFIX}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
