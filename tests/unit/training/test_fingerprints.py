"""Fingerprints of the rows, and of the code, that a model was trained with."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.unit.training.stored import alter
from training import fingerprints
from training.fingerprints import column_fingerprints, git_revision
from training.runner import read_start
from training.settings import Settings

MakeSettings = Callable[..., Settings]


def test_fingerprint_does_not_depend_on_the_file_but_on_every_value(
    make_settings: MakeSettings, examples_frame: pd.DataFrame
) -> None:
    shuffled = examples_frame.sample(frac=1, random_state=2)
    first, second = make_settings(), make_settings(shuffled)
    assert read_start(first).fingerprint == read_start(second).fingerprint
    alter(
        second,
        "update fct_training_examples set value_7d = value_7d + 1e-9"
        " where customer_id = 'C1' and split = 'test'",
    )
    assert read_start(first).fingerprint != read_start(second).fingerprint


def test_fingerprint_tells_null_from_empty_text() -> None:
    empty = pd.DataFrame({"a": ["", "b"]}, dtype=object)
    null = pd.DataFrame({"a": [None, "b"]}, dtype=object)
    assert column_fingerprints(empty) != column_fingerprints(null)


def test_a_revision_says_whether_files_differ_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "training" / "fingerprints.py"
    module.parent.mkdir()
    module.touch()
    monkeypatch.setattr(fingerprints, "__file__", str(module))

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        command = ["git", *identity, *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    git("init", "-q")
    assert git_revision() is None
    git("add", ".")
    git("commit", "-qm", "first")
    commit = git("rev-parse", "HEAD")
    assert git_revision() == commit
    (tmp_path / "new.sql").touch()
    assert git_revision() == f"{commit}+dirty"
