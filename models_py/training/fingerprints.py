"""Hashes that say whether two runs would do the same, and where a run came from."""

import hashlib
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
from training.model_tables import canonical_hash
from training.settings import Settings

# Reads the index only: another git may be at work.
STATUS = ("--no-optional-locks", "status", "--porcelain", ":/")
LIBRARIES = ("numpy", "optbinning", "ortools", "scikit-learn", "xgboost")


def dataset_fingerprint(frame: pd.DataFrame) -> str:
    """SHA-256 over the rows of `frame` in their order, column by column.

    Examples
    --------
    >>> rows = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", None]}, dtype=object)
    >>> dataset_fingerprint(rows) == dataset_fingerprint(rows.iloc[::-1])
    False
    """
    digest = hashlib.sha256()
    for name in frame.columns:
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
    return digest.hexdigest()


def code_fingerprint() -> str:
    """SHA-256 over this package's sources and the versions of what it fits with."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library}=={version(library)};".encode())
    return digest.hexdigest()


def training_fingerprint(
    settings: Settings, examples: Examples, *, dataset: str, code: str
) -> str:
    """SHA-256 of all that decides the outcome of a training run."""
    parts: Mapping[str, Any] = {
        "dataset": dataset,
        "parameters_hash": examples.parameters_hash,
        "code": code,
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
    return canonical_hash(parts)


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
