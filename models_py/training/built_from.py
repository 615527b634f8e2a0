"""What the examples were built from: raw files, last transaction, parameters."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from training.settings import Settings
from training.warehouse import open_warehouse

OBSERVED = "observed"


def read_built_from(settings: Settings) -> dict[str, Any]:
    """Read from the warehouse what a person needs to build its examples again.

    Returns
    -------
    dict
        Plain values. `files` are those that landed, by name: size in bytes, and the
        SHA-256 of their content, None if they are no longer there as they landed.
        Outcomes are among them where they are the label. `parameters` is the row of
        marts.dim_parameters, `last_transaction` a time in UTC.

    Raises
    ------
    TrainingError
        If the warehouse cannot be opened, or was not built.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        result = connection.execute("from marts.dim_parameters")
        names = [column[0] for column in result.description]
        parameters = dict(zip(names, result.fetchall()[0], strict=True))
        files = dict(_landed(connection))
        if parameters["label_source"] == OBSERVED:
            files |= _outcomes(connection, settings.data_dir)
        (last,) = connection.execute(
            "select max(TransactionStartTime) from raw.transactions"
        ).fetchall()[0]
    found = {
        "files": files,
        "last_transaction": last,
        "parameters": parameters,
    }
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return plain


def file_hash(path: Path) -> str | None:
    """SHA-256 of a file's content, as `sha256sum` prints it; None if unreadable.

    Examples
    --------
    >>> file_hash(Path("no such file"))
    """
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None


def _landed(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Any]]:
    rows = connection.execute(
        "select source_file, file_path, size_bytes, modified_at from raw.files"
        " order by source_file"
    ).fetchall()
    for name, path, size, modified_at in rows:
        is_same = _is_as_landed(Path(path), size, modified_at)
        digest = file_hash(Path(path)) if is_same else None
        yield name, {"size_bytes": size, "sha256": digest}


def _is_as_landed(path: Path, size: int, modified_at: datetime) -> bool:
    try:
        now = path.stat()
    except OSError:
        return False
    then = modified_at.replace(tzinfo=UTC).timestamp()
    return now.st_size == size and int(now.st_mtime) == int(then)


def _outcomes(
    connection: duckdb.DuckDBPyConnection, data_dir: Path
) -> dict[str, dict[str, Any]]:
    rows = connection.execute(
        "select distinct source_file from raw.outcomes order by source_file"
    ).fetchall()
    found = {}
    for (name,) in rows:
        folders = (data_dir / folder for folder in ("outcomes", "simulated"))
        path = next((f / name for f in folders if (f / name).is_file()), None)
        found[f"outcomes/{name}"] = {
            "size_bytes": path.stat().st_size if path else None,
            "sha256": file_hash(path) if path else None,
        }
    return found
