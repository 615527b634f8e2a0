"""The command line: a short result, or one line and exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from release import cli
from release.settings import ReleaseSettings


def test_the_result_is_short(
    settings: ReleaseSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    assert cli.main([]) == 0
    first = capsys.readouterr().out
    assert first.startswith("published: 20190214-0123456789ab-")
    assert "303: 300 scored, 3 not scored on 2019-02-14" in first
    assert cli.main(["publish"]) == 0
    assert capsys.readouterr().out.startswith("unchanged: ")


def test_an_error_is_one_line_and_nothing_is_left(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "release"],
        env=os.environ | {"DATA_DIR": str(tmp_path), "MLFLOW_TRACKING_URI": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith("release: no MLflow registry at sqlite:///")
    assert finished.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: ReleaseSettings) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "publish", interrupt)
    assert cli.main([]) == cli.INTERRUPTED
    assert capsys.readouterr().err.count("\n") == 1


def test_bad_retention(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RELEASES_KEPT", "none")
    assert cli.main([]) == 1
    assert "RELEASES_KEPT is 'none'" in capsys.readouterr().err
