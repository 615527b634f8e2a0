"""Runs that several tests look at: each is made once per session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Workspace

REBUILT_FILE = ROOT.parent / "shared" / "data" / "xente_rebuilt.parquet"


@pytest.fixture(scope="session")
def simulated(make_workspace: Callable[[str], Workspace]) -> Workspace:
    """The whole pipeline on the simulator's default file, as `make run` does it."""
    workspace = make_workspace("simulated")
    workspace.python("-m", "pipeline", "run")
    return workspace


@pytest.fixture(scope="session")
def rebuilt_file() -> Path:
    """The rebuilt Xente file, where a checkout has it beside it."""
    if not REBUILT_FILE.exists():
        pytest.skip("the rebuilt Xente file is not part of the project")
    return REBUILT_FILE


@pytest.fixture(scope="session")
def rebuilt(
    make_workspace: Callable[[str], Workspace], rebuilt_file: Path
) -> Workspace:
    """Labels and training examples of the rebuilt Xente file."""
    workspace = make_workspace("rebuilt")
    workspace.dbt(
        "build",
        "--exclude",
        "tag:scoring",
        "test_type:unit",
        extra={"TRANSACTIONS_PATH": str(rebuilt_file)},
    )
    return workspace
