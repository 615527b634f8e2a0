"""The commands of keys, as an operator uses them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main

Said = tuple[int, str, str]
Keys = Callable[..., Said]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file of keys in a folder that does not exist."""
    return tmp_path / "new folder" / "keys.json"


@pytest.fixture
def keys(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Keys:
    """Give the commands: arguments to exit code, stdout and stderr."""
    monkeypatch.setenv("API_KEYS_FILE", str(path))

    def run(*arguments: str) -> Said:
        code = main(["keys", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
