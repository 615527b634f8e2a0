"""The command line: a short result, or one line and exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from release import cli
from release import publish as publish_module
from release.registry import RegisteredModel
from release.settings import ReleaseSettings
from tests.unit.release.example_warehouse import MODEL_VERSION


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
    assert "promoted   by rule bootstrap at 2019-02-15T12:31:00 UTC\n" in first
    assert cli.main([]) == 0
    assert capsys.readouterr().out.startswith("unchanged: ")


def test_a_card_that_is_not_promoted_is_said_to_be_none(
    settings: ReleaseSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    trial = RegisteredModel("credit_scoring_model", "trial", "3", MODEL_VERSION)
    monkeypatch.setattr(publish_module, "resolve_alias", lambda *_: trial)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("update model.model_promotions set model_version = 'other'")
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    assert "promoted   no: alias trial names a card that is not the champion\n" in shown


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


@pytest.mark.parametrize("text", ["none", "0", "-1"])
def test_bad_retention(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["--keep", text])
    assert "argument --keep" in capsys.readouterr().err
