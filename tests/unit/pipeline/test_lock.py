"""One run at a time on one DATA_DIR."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.lock import sole_run

HOLD = """
import sys
from pathlib import Path
from pipeline.lock import sole_run
with sole_run(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(PipelineError, match=f"process {holder.pid}.*{tmp_path}"),
            sole_run(tmp_path),
        ):
            pass
        holder.kill()
    with sole_run(tmp_path):
        assert (tmp_path / ".lock").read_text() == str(os.getpid())


def test_another_folder_is_free(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with sole_run(tmp_path / "a"), sole_run(tmp_path / "b"):
        pass


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    # As root, permissions stop nothing; a folder in the lock's place does.
    (tmp_path / ".lock").mkdir()
    with (
        pytest.raises(PipelineError, match=f"DATA_DIR={tmp_path} cannot be used: "),
        sole_run(tmp_path),
    ):
        pass
