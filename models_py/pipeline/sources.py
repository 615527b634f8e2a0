"""Which transactions a run reads."""

import glob
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.settings import Settings

READABLE = (".csv", ".csv.gz", ".parquet")
KINDS = ".csv, .csv.gz or .parquet"


def find_transactions(settings: Settings) -> list[Path]:
    """List the files of the user that a run reads.

    Returns
    -------
    list of Path
        Sorted; empty when nothing is given, so that simulated data is due.

    Raises
    ------
    PipelineError
        ``TRANSACTIONS_PATH`` names nothing readable, or the raw folder holds
        files, in folders of its own too, but none that is read. Neither falls
        back to simulation.
    """
    if settings.transactions_path is not None:
        return _given(settings.transactions_path)
    found = _readable_in(settings.raw)
    others = _other_files(settings.raw)
    if not found and others:
        raise PipelineError(
            f"{settings.raw} holds {others[0].name} but no {KINDS} file: "
            "convert it, or empty the folder to run on simulated data"
        )
    nested = [] if found else _readable(settings.raw.rglob("*"))
    if nested:
        raise PipelineError(
            f"{nested[0]} lies in a folder of {settings.raw}, where nothing is read: "
            "move it up, or name its folder as TRANSACTIONS_PATH"
        )
    return found


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


def _other_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.glob("*")
        if path.is_file()
        and not path.name.startswith((".", "README"))
        and not path.name.lower().endswith(READABLE)
    )
