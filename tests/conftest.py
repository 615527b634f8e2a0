"""Fixtures shared by all tests: a pipeline environment of its own for each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from tests.dbt_server import ROOT, call_dbt

# Under nohup, or in the background of a script, these are ignored, and so they would
# be by every program that a test starts and interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

CLEARED = (
    "TRANSACTIONS_PATH",
    "VARS",
    "MODEL_NAME",
    "MODEL_STAGE",
    "MLFLOW_TRACKING_URI",
    "TRAINED_BY",
)


@dataclass(frozen=True)
class Workspace:
    """A DATA_DIR of its own, and the project's commands run against it."""

    data_dir: Path

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment that the Makefile would export."""
        inherited = {k: v for k, v in os.environ.items() if k not in CLEARED}
        return {
            **inherited,
            "DATA_DIR": str(self.data_dir),
            "DBT_PROJECT_DIR": str(ROOT / "dbt_project"),
            "DBT_PROFILES_DIR": str(ROOT),
            "DBT_TARGET_PATH": str(self.data_dir / "target"),
            "DBT_LOG_PATH": str(self.data_dir / "logs"),
            **(extra or {}),
        }

    def run(
        self,
        *command: str,
        extra: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; with `check`, a failure shows what it printed."""
        done = subprocess.run(
            command,
            env=self.environment(extra),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        return checked(done) if check else done

    def dbt(
        self,
        *arguments: str,
        variables: Mapping[str, Any] | None = None,
        extra: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run dbt as a user would by hand."""
        arguments = ("--no-use-colors", *arguments)
        if variables or "DBT_PROJECT_DIR" in (extra or {}):
            flags = ("--vars", json.dumps(variables)) if variables else ()
            dbt = str(Path(sys.executable).with_name("dbt"))
            return self.run(dbt, *arguments, *flags, extra=extra, check=check)
        done = call_dbt(arguments, self.environment(extra))
        return checked(done) if check else done

    def python(
        self,
        *arguments: str,
        extra: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run `python …` of the environment under test."""
        return self.run(sys.executable, *arguments, extra=extra, check=check)

    def query(self, sql: str) -> pd.DataFrame:
        """Return the rows of a query on the warehouse."""
        path = str(self.data_dir / "warehouse.duckdb")
        with duckdb.connect(path, read_only=True) as connection:
            return connection.execute(sql).df()


def checked(
    done: subprocess.CompletedProcess[str],
) -> subprocess.CompletedProcess[str]:
    """Return what worked; what did not shows what it printed."""
    if done.returncode != 0:
        pytest.fail(
            f"{' '.join(done.args)}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
        )
    return done


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    data_dir = tmp_path / "data dir"
    data_dir.mkdir()
    return Workspace(data_dir)


@pytest.fixture(scope="session")
def make_workspace(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Workspace]:
    """Return a maker of workspaces for fixtures that live longer than a test."""

    def make(name: str) -> Workspace:
        return Workspace(tmp_path_factory.mktemp(name))

    return make
