"""Runs that several tests look at: each is made once, whatever workers there are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Workspace
from tests.shared_runs import SharedRun

REBUILT_FILE = ROOT.parent / "shared" / "data" / "xente_rebuilt.parquet"
SHARED = {"simulated", "simulated_run"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs no shared run where one worker makes it and another would wait."""
    here = Path(__file__).parent
    sharing = {
        item.path
        for item in items
        if SHARED & {*getattr(item, "fixturenames", ())} and here in item.path.parents
    }
    maker = min(sharing, default=None)

    def turn(item: pytest.Item) -> int:
        if item.path == maker:
            return 0
        if item.path in sharing:
            return 2
        return 1 if here in item.path.parents else 3

    items.sort(key=turn)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the session, not of one worker."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def simulated_run(shared_folder: Path) -> SharedRun:
    """The whole pipeline on the simulator's default file, as `make run` does it."""
    return SharedRun(
        shared_folder, "simulated", lambda run: run.python("-m", "pipeline", "run")
    )


@pytest.fixture(scope="session")
def simulated(
    simulated_run: SharedRun, make_workspace: Callable[[str], Workspace]
) -> Workspace:
    """A copy of the run above, the worker's own."""
    return simulated_run.copied(make_workspace("simulated"))


@pytest.fixture(scope="session")
def rebuilt_file() -> Path:
    """The rebuilt Xente file, where a checkout has it beside it."""
    if not REBUILT_FILE.exists():
        pytest.skip("the rebuilt Xente file is not part of the project")
    return REBUILT_FILE


@pytest.fixture(scope="session")
def rebuilt(
    shared_folder: Path, make_workspace: Callable[[str], Workspace], rebuilt_file: Path
) -> Workspace:
    """Labels and training examples of the rebuilt Xente file."""
    selection = ("build", "--exclude", "tag:scoring", "test_type:unit")
    path = {"TRANSACTIONS_PATH": str(rebuilt_file)}
    run = SharedRun(
        shared_folder, "rebuilt", lambda run: run.dbt(*selection, extra=path)
    )
    return run.copied(make_workspace("rebuilt"))
