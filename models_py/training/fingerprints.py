"""Hashes that say whether two runs would do the same, and where a run came from."""

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from training.contract import as_rows
from training.examples import Examples
from training.settings import Settings

# Reads the index only: another git may be at work.
STATUS = ("--no-optional-locks", "status", "--porcelain", ":/")
LIBRARIES = (
    "duckdb",
    "numpy",
    "optbinning",
    "ortools",
    "pandas",
    "scikit-learn",
    "scipy",
    "xgboost",
)

Parts = Mapping[str, Any]


def dataset_parts(frame: pd.DataFrame) -> Parts:
    """Rows by snapshot and split, and a SHA-256 over each column's values in order.

    Examples
    --------
    >>> rows = pd.DataFrame({"snapshot_date": pd.to_datetime(["2019-01-17"] * 2),
    ...                      "split": "test", "a": [1.0, np.nan]})
    >>> parts = dataset_parts(rows)
    >>> parts["rows"]
    {'2019-01-17 test': 2}
    >>> dataset_parts(rows.iloc[::-1])["columns"]["a"] == parts["columns"]["a"]
    False
    """
    days = frame["snapshot_date"].dt.strftime("%Y-%m-%d ") + frame["split"]
    snapshots, counts = np.unique(days.to_numpy(dtype=str), return_counts=True)
    return {
        "rows": dict(zip(snapshots.tolist(), counts.tolist(), strict=True)),
        "columns": column_fingerprints(frame),
    }


def column_fingerprints(frame: pd.DataFrame) -> dict[str, str]:
    """SHA-256 over each column's name, type and values in their order."""
    fingerprints = {}
    for name in frame.columns:
        digest = hashlib.sha256()
        values = frame[name].to_numpy()
        digest.update(f"{name}:{values.dtype}:{len(values)};".encode())
        if values.dtype == object:
            texts = [None if pd.isna(v) else str(v).encode() for v in values]
            lengths = [-1 if text is None else len(text) for text in texts]
            digest.update(np.array(lengths, dtype=np.int64).tobytes())
            digest.update(b"".join(text for text in texts if text is not None))
        elif values.dtype.kind == "f":
            # One NaN and one zero, whatever their bits.
            digest.update(np.where(np.isnan(values), np.nan, values + 0.0).tobytes())
        else:
            digest.update(np.ascontiguousarray(values).tobytes())
        fingerprints[name] = digest.hexdigest()
    return fingerprints


def code_fingerprint() -> str:
    """SHA-256 over this package's sources."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def library_versions() -> dict[str, str]:
    """Versions of Python and of what a training reads and fits with."""
    versions = {library: version(library) for library in LIBRARIES}
    return {"python": platform.python_version(), **versions}


def training_parts(settings: Settings, examples: Examples) -> Parts:
    """All that decides the outcome of a training run; its hash is the fingerprint."""
    return {
        "dataset": dataset_parts(examples.frame),
        "parameters_hash": examples.parameters_hash,
        "code": code_fingerprint(),
        "libraries": library_versions(),
        "seed": settings.seed,
        "device": settings.device,
        "label": settings.label,
        "search": settings.search,
        "split": settings.split,
        "policy": asdict(settings.policy),
        "bootstrap_resamples": settings.bootstrap_resamples,
        "target_name": examples.target_name,
        "label_source": examples.label_source,
        "costs": asdict(examples.costs),
        "central_tendency": examples.central_tendency,
        "rating_scale": as_rows(examples.grades),
        "contract": as_rows(examples.features),
    }


def git_revision() -> str | None:
    """Ask git for the commit of this code; None outside of a repository.

    Returns
    -------
    str or None
        The commit, with `+dirty` where a file differs from it or is new.
    """
    commit = _git("rev-parse", "HEAD")
    if not commit:
        return None
    return f"{commit}+dirty" if _git(*STATUS) else commit


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    answer = subprocess.run(  # noqa: S603 # fixed commands
        [git, *arguments],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""
