"""Reads the files of a release and refuses what is damaged or foreign."""

from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec

from api.documents import FormatVersion, Manifest, ScorecardDocument
from api.policy import STALE_DATA, THIN_FILE
from release.errors import ReleaseError
from release.layout import (
    CUSTOMERS_FILE,
    MANIFEST_FILE,
    RELEASE_FORMAT,
    SCORECARD_FILE,
    verify,
)

CUSTOMER_COLUMNS: Final = [
    ("customer_id", "VARCHAR"),
    ("status", "VARCHAR"),
    ("not_scored_reason", "VARCHAR"),
    ("features", "BLOB"),
]

NEEDED_OPTIMIZERS: Final = {"expression_rewriter", "filter_pushdown"}


class ReleaseRefusedError(Exception):
    """A release is damaged or of another format; the message says how."""


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest and compare every file with the digest in it.

    Raises
    ------
    ReleaseRefusedError
        If it is unreadable, of another format, or a file differs.
    """
    try:
        text = (folder / MANIFEST_FILE).read_bytes()
        found = msgspec.json.decode(text, type=FormatVersion).format
        if found != RELEASE_FORMAT:
            message = f"{folder.name} has format {found}, expected {RELEASE_FORMAT}"
            raise ReleaseRefusedError(message)
        manifest = msgspec.json.decode(text, type=Manifest)
        verify(folder)
    except (OSError, msgspec.MsgspecError, ReleaseError) as error:
        message = f"{MANIFEST_FILE} of {folder.name}: {error}"
        raise ReleaseRefusedError(message) from error
    missing = {SCORECARD_FILE, CUSTOMERS_FILE} - manifest.files.keys()
    if missing or manifest.release_id != folder.name:
        message = f"{MANIFEST_FILE} of {folder.name} describes another release"
        raise ReleaseRefusedError(message)
    return manifest


def read_scorecard(folder: Path) -> ScorecardDocument:
    """Read the scorecard of a release.

    Raises
    ------
    ReleaseRefusedError
        If it is not the document that this API understands, or a rule of the policy
        has no reason.
    """
    path = folder / SCORECARD_FILE
    try:
        document = msgspec.json.decode(path.read_bytes(), type=ScorecardDocument)
    except msgspec.MsgspecError as error:
        message = f"{path.name} of {path.parent.name}: {error}"
        raise ReleaseRefusedError(message) from error
    if document.format != RELEASE_FORMAT:
        message = f"{path.name} has format {document.format}, not {RELEASE_FORMAT}"
        raise ReleaseRefusedError(message)
    worded = {row.status for row in document.policy_reasons}
    unworded = {STALE_DATA, THIN_FILE} - worded
    if unworded:
        message = (
            f"{path.name} of {path.parent.name} has no policy reason for "
            f"{', '.join(sorted(unworded))}"
        )
        raise ReleaseRefusedError(message)
    return document


def open_customers(
    folder: Path, manifest: Manifest, policy_reasons: Container[str]
) -> duckdb.DuckDBPyConnection:
    """Open the customers of a release read-only.

    Parameters
    ----------
    policy_reasons
        Why a customer may have no score.

    Raises
    ------
    ReleaseRefusedError
        If DuckDB cannot read the file, the table has other columns, or a customer has
        no score for another reason.
    """
    path = folder / CUSTOMERS_FILE
    config: dict[str, Any] = {
        # One lookup has no use for more, and requests run side by side.
        "threads": 1,
        # The API reads this file and nothing else.
        "enable_external_access": False,
        "disabled_optimizers": _needless_optimizers(),
        "lock_configuration": True,
    }
    try:
        connection = duckdb.connect(str(path), read_only=True, config=config)
        columns = connection.execute(
            """
            select column_name, data_type
            from duckdb_columns()
            where schema_name = 'main' and table_name = 'customers'
            order by column_index
            """
        ).fetchall()
    except duckdb.Error as error:
        message = (
            f"{path.name} of {path.parent.name}, written by DuckDB "
            f"{manifest.duckdb_version}, cannot be opened by DuckDB "
            f"{duckdb.__version__}: {str(error).splitlines()[0]}"
        )
        raise ReleaseRefusedError(message) from error
    if columns != CUSTOMER_COLUMNS:
        connection.close()
        message = f"{path.name} of {path.parent.name} has other columns: {columns}"
        raise ReleaseRefusedError(message)
    # Of the status, not of the features: those of a million would stay in memory.
    reasons = connection.execute(
        """
        select distinct coalesce(not_scored_reason, '')
        from customers
        where status is distinct from 'scored'
        """
    ).fetchall()
    unknown = sorted(reason for (reason,) in reasons if reason not in policy_reasons)
    if unknown:
        connection.close()
        message = (
            f"{path.name} of {path.parent.name} has customers without a score for "
            f"{unknown[0]!r}, for which {SCORECARD_FILE} has no policy reason"
        )
        raise ReleaseRefusedError(message)
    return connection


@cache
def _needless_optimizers() -> str:
    """Name all but the two that lead a lookup to the index.

    The other forty take half the time of a lookup of few.
    """
    with duckdb.connect() as connection:
        names = connection.execute("select name from duckdb_optimizers()").fetchall()
    return ",".join(sorted({name for (name,) in names} - NEEDED_OPTIMIZERS))
