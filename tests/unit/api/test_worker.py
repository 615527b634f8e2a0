"""A worker does not rely on who started it."""

import os
from pathlib import Path
from typing import Any

import pytest

from api import server
from api.access.actor import Role
from api.access.key_file import KeyFileError
from api.settings import Settings
from api.worker import application
from tests.unit.api.access.key_clients import add_key


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in ("HOST", "API_KEYS_FILE", "REQUIRE_API_KEYS"):
        # Set, not deleted: so it is put back, whatever the server writes there.
        monkeypatch.setenv(name, "")
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_it_needs_no_key_on_this_machine() -> None:
    assert application()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7"])  # noqa: S104
def test_elsewhere_it_starts_with_a_key_only(
    environment: pytest.MonkeyPatch, tmp_path: Path, host: str
) -> None:
    environment.setenv("HOST", host)
    with pytest.raises(KeyFileError, match="no API key in"):
        application()
    add_key(tmp_path / "access" / "api_keys.json", "checkout", [Role.SCORE])
    assert application()


def test_keys_that_vanish_as_it_starts_do_not_open_it(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = tmp_path / "access" / "api_keys.json"
    add_key(keys, "checkout", [Role.SCORE])
    started: list[Any] = []

    class Server:
        def __init__(self, *_: object, **__: object) -> None:
            keys.unlink()

        def serve(self) -> None:
            started.append(application())

    environment.setattr(server, "Granian", Server)
    environment.setattr(server, "_require_free", lambda _: None)
    with pytest.raises(KeyFileError, match="no API key in"):
        server.serve(Settings.from_environment(os.environ))
    assert started == []
