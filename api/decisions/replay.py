"""Computes a decision again from the release that is named in it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from api.decisions.making import Case, decide
from api.decisions.records import DecisionRecord
from api.lookups import CustomerRow
from api.release_files import ReleaseRefusedError
from api.release_store import Release
from api.schemas.decisions import Difference
from release.errors import ReleaseError
from release.layout import MANIFEST_FILE, read_manifest, sha256_of

# Where the record lies says nothing about what was decided.
PLACE_IN_THE_CHAIN = {
    "format",
    "writer",
    "sequence",
    "recorded_at",
    "other_logs",
    "previous_hash",
    "record_hash",
}


class NotReplayableError(Exception):
    """A decision cannot be computed again; names the file or hash that is missing."""


def open_recorded_release(releases_dir: Path, record: DecisionRecord) -> Release:
    """Open the very release that a record names.

    Raises
    ------
    NotReplayableError
        If a file of it is missing or differs from what it was.
    """
    folder = releases_dir / record.release_id
    _require_same_manifest(folder, record.manifest_hash)
    try:
        # It compares every file with the manifest.
        return Release(folder)
    except (OSError, ReleaseError, ReleaseRefusedError) as error:
        raise NotReplayableError(_other_file(folder) or str(error)) from error


def differences(
    release: Release, row: CustomerRow | None, record: DecisionRecord
) -> list[Difference]:
    """Compare a record with the decision that its release gives today.

    Parameters
    ----------
    release
        The release that the record names.
    row
        The customer as that release knows them.
    record
        The decision.
    """
    if row is None:
        return [Difference("customer_id", _json(record.customer_id), "null")]
    case = Case(
        decision_id=record.decision_id,
        actor=record.actor,
        customer_id=record.customer_id,
        amount=record.amount,
        idempotency_key_hash=record.idempotency_key_hash,
        snapshot_age_days=record.snapshot_age_days,
    )
    again = decide(release, row, case)
    return list(_differences("", _compared(record), _compared(again)))


def _compared(record: DecisionRecord) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record)
    return {k: v for k, v in fields.items() if k not in PLACE_IN_THE_CHAIN}


def _differences(prefix: str, recorded: Any, again: Any) -> Iterator[Difference]:  # noqa: ANN401 (any JSON)
    if isinstance(recorded, dict) and isinstance(again, dict):
        for name in {**recorded, **again}:
            path = f"{prefix}.{name}" if prefix else name
            yield from _differences(path, recorded.get(name), again.get(name))
    elif recorded != again:
        yield Difference(prefix, _json(recorded), _json(again))


def _json(value: Any) -> str:  # noqa: ANN401 (any JSON)
    return msgspec.json.encode(value).decode()


def _require_same_manifest(folder: Path, manifest_hash: str) -> None:
    path = folder / MANIFEST_FILE
    try:
        found = sha256_of(path)
    except FileNotFoundError as error:
        message = f"release {folder.name} is missing: there is no {path.name} of it"
        raise NotReplayableError(message) from error
    except OSError as error:
        raise NotReplayableError(str(error)) from error
    if found != manifest_hash:
        message = (
            f"{path.name} of release {folder.name} is not the one that was decided "
            f"with: its SHA-256 is {found}, the record says {manifest_hash}"
        )
        raise NotReplayableError(message)


def _other_file(folder: Path) -> str | None:
    """Name the first file that is missing or another, if it is that."""
    with suppress(OSError, ReleaseError):
        for name, expected in read_manifest(folder)["files"].items():
            if not (folder / name).is_file():
                return f"{name} of release {folder.name} is missing"
            found = sha256_of(folder / name)
            if found != expected["sha256"]:
                return (
                    f"{name} of release {folder.name} is not the one that was decided "
                    f"with: its SHA-256 is {found}, the manifest says "
                    f"{expected['sha256']}"
                )
    return None
