"""No index, or half of one: what is recorded is never told to be unknown."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.decisions.index import Index
from api.decisions.index_states import read_states
from api.decisions.reader import Reader
from api.decisions.verify import verify
from api.errors import DecisionsUnavailableError
from api.settings import Settings
from tests.unit.api.conftest import Client
from tests.unit.api.decisions.conftest import decision, write_all
from tests.unit.api.decisions.test_given_up import nobody_can_write


def remove_index(folder: Path) -> None:
    for path in folder.glob("index.sqlite*"):
        path.unlink()


def wait_until_ready(client: Client) -> None:
    while client.get("/ready").status_code != 200:
        pass


def test_without_an_index_nothing_is_unknown(deciding: Client, data_dir: Path) -> None:
    told = deciding.post("/decisions", json={"customer_id": "it's"}).json()
    path = f"/decisions/{told['decision_id']}"
    listed = "/decisions?customer_id=it%27s"
    folder = data_dir / "decisions"
    with nobody_can_write(folder):
        remove_index(folder)
        for asked in (path, listed, "/reviews", "/ready"):
            answer = deciding.get(asked)
            assert answer.status_code == 503, asked
            assert answer.json()["type"].endswith("decisions-unavailable")
    wait_until_ready(deciding)
    assert deciding.get(path).status_code == 200
    assert deciding.get(listed).json()["decisions"] == [told]


def test_it_is_not_ready_before_the_logs_are_read(
    data_dir: Path,
) -> None:
    folder = data_dir / "decisions"
    write_all(folder, [decision()])
    with nobody_can_write(folder):
        opened = TestClient(create_app(Settings(data_dir=data_dir)))
        opened.__enter__()
        status = opened.get("/ready").status_code
    try:
        assert status == 503
        wait_until_ready(opened)
    finally:
        opened.__exit__(None, None, None)


def test_a_rebuild_that_is_cut_short_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = decision("1"), decision("2")
    for record in (first, second):
        write_all(tmp_path, [record])
    remove_index(tmp_path)
    real, read = Index._read_on, []

    def read_one(index: Index, log_id: int, writer: str, size: int) -> None:
        if read:
            raise OSError(5, "Input/output error")
        read.append(writer)
        real(index, log_id, writer, size)

    index = Index(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Index, "_read_on", read_one)
        with pytest.raises(OSError, match="Input/output"):
            index.recover()
    with pytest.raises(DecisionsUnavailableError, match="being made again"):
        Reader(tmp_path).decision(first.decision_id)
    states = read_states(tmp_path / "index.sqlite")
    assert states is not None
    assert sorted(state.size > 0 for state in states.of_logs.values()) == [False, True]
    index.recover()
    assert Reader(tmp_path).decision(second.decision_id) == second


def test_an_index_that_was_cut_short_before_its_tables_is_none(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    path.touch()
    assert not verify(tmp_path).indexed
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
    assert path.stat().st_size > 0
    assert not verify(tmp_path).indexed
    Index(tmp_path).recover()
    assert verify(tmp_path).indexed
