"""Long runs that all workers of a session share: whoever comes first makes them."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Workspace


@dataclass(frozen=True)
class SharedRun:
    """A run in a folder that all workers know; who looks at it longer takes a copy."""

    folder: Path
    name: str
    make: Callable[[Workspace], object]

    @contextmanager
    def opened(self) -> Iterator[Workspace]:
        """Have the run to oneself; it is made where it is not there yet."""
        data_dir, made = self.folder / self.name, self.folder / f"{self.name}.made"
        with (self.folder / f"{self.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(data_dir, ignore_errors=True)
                data_dir.mkdir()
                self.make(Workspace(data_dir))
                made.touch()
            yield Workspace(data_dir)

    def copied(self, workspace: Workspace) -> Workspace:
        """Copy the run into a workspace."""
        with self.opened() as run:
            shutil.copytree(run.data_dir, workspace.data_dir, dirs_exist_ok=True)
        return workspace
