"""The command: what it prints, its exit codes, and Ctrl-C."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.settings import Settings
from pipeline.steps import Commands

StandIns = Callable[..., Commands]


def test_the_command_exits_with_one_line_and_the_right_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DBT_PROJECT_DIR", raising=False)
    monkeypatch.setenv("DATA_DIR", "d")
    monkeypatch.setenv("VARS", "{seed: 7")
    assert cli.main(["run"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: VARS={seed: 7 is not valid YAML")
    assert said.err.count("\n") == 1
    monkeypatch.setenv("VARS", "")
    assert cli.main(["summary"]) == 1
    assert capsys.readouterr().err.startswith("error: no run has finished in DATA_DIR=")


@pytest.mark.usefixtures("warehouse")
def test_ctrl_c_exits_with_130_and_one_line(
    settings: Settings,
    stand_ins: StandIns,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interrupting = "os.kill(os.getppid(), signal.SIGINT); time.sleep(60)"
    commands = stand_ins(training=interrupting)
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TRANSACTIONS_PATH", "")
    monkeypatch.setenv("VARS", "")
    monkeypatch.setattr("pipeline.run.Commands", lambda: commands)
    assert cli.main(["run"]) == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("interrupted")
    assert os.getpgid(0) == os.getpgrp()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("moment", ["import", "parse_args"])
def test_ctrl_c_before_the_first_step_leaves_no_traceback(
    moment: str, tmp_path: Path
) -> None:
    """An argparse that interrupts stands in for a quick finger."""
    interrupt = "import os, signal; os.kill(os.getpid(), signal.SIGINT)\n"
    (tmp_path / "argparse.py").write_text(
        interrupt
        if moment == "import"
        else "class ArgumentParser:\n"
        "    def __init__(self, **_): pass\n"
        "    def add_argument(self, *_, **__): pass\n"
        f"    def parse_args(self, _): {interrupt}"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


@pytest.mark.usefixtures("warehouse")
def test_a_run_prints_the_summary_and_summary_prints_it_again(
    settings: Settings,
    stand_ins: StandIns,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands = stand_ins()
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TRANSACTIONS_PATH", "")
    monkeypatch.setenv("VARS", "")
    monkeypatch.setattr("pipeline.run.Commands", lambda: commands)
    assert cli.main(["run"]) == 0
    first = capsys.readouterr()
    titles = [line.partition(":")[0] for line in first.err.splitlines()]
    assert titles == ["simulate", "build", "train", "score", "card", "release"]
    assert cli.main(["summary"]) == 0
    assert capsys.readouterr().out == first.out
