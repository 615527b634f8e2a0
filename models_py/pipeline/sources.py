"""Which transactions a run reads."""

import glob
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.settings import Settings

READABLE = (".csv", ".csv.gz", ".parquet")
KINDS = ".csv, .csv.gz or .parquet"
NO_DATA = ("README", "_SUCCESS")  # the second is Spark's, beside its Parquet files


def find_transactions(settings: Settings) -> list[Path]:
    """List the files of the user that a run reads.

    Returns
    -------
    list of Path
        Sorted; empty when nothing is given, so that simulated data is due.

    Raises
    ------
    PipelineError
        ``TRANSACTIONS_PATH`` names nothing readable, or the raw folder holds a
        file that would not be read, also beside others that are: in a folder of
        its own, or of another kind.
    """
    if settings.transactions_path is not None:
        return _given(settings.transactions_path)
    _require_all_read(settings.raw)
    return _readable_in(settings.raw)


def _given(path: str) -> list[Path]:
    if Path(path).is_dir():
        found = _readable_in(Path(path))
    elif Path(path).is_file():
        found = _readable([Path(path)])
    else:
        matches = glob.glob(path, recursive=True)  # noqa: PTH207 - an absolute glob
        found = _readable(Path(match) for match in matches)
    if not found:
        existing = "holds" if Path(path).exists() else "names"
        raise PipelineError(
            f"TRANSACTIONS_PATH={path} {existing} no {KINDS} file: correct it, "
            "or unset it to read $DATA_DIR/raw"
        )
    return found


def _readable_in(folder: Path) -> list[Path]:
    return _readable(folder.glob("*")) if folder.is_dir() else []


def _readable(paths: Iterable[Path]) -> list[Path]:
    return sorted(
        path
        for path in paths
        if path.is_file() and path.name.lower().endswith(READABLE)
    )


def _require_all_read(folder: Path) -> None:
    """Stop at the first file that would lie there unread."""
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder).parts
        is_hidden = any(name.startswith(".") for name in within)
        if not path.is_file() or is_hidden or path.name.startswith(NO_DATA):
            continue
        if len(within) > 1:
            raise PipelineError(
                f"{path} lies in a folder of {folder}, where nothing is read: "
                "move it up, or name its folder as TRANSACTIONS_PATH"
            )
        if not path.name.lower().endswith(READABLE):
            raise PipelineError(
                f"{path} is no {KINDS} file, so it would not be read: "
                f"convert it, or move it out of {folder}"
            )
