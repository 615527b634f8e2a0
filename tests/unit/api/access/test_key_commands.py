"""python -m api keys, as an operator uses it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.access.key_file import KeyFileError, read_keys, write_keys
from tests.unit.api.access.conftest import Keys
from tests.unit.api.access.key_clients import Role, add_key


def test_a_key_is_made_shown_once_listed_and_revoked(keys: Keys, path: Path) -> None:
    made = keys("create", "--name", "checkout", "--role", "score", "--role", "audit")
    code, key, told = made
    assert code == 0
    assert re.fullmatch(r"bati_[0-9a-f]{8}_[A-Za-z0-9_-]{43}\n", key)
    assert "shown this once" in told
    key_id, secret = key.strip().split("_", 2)[1:]
    assert secret not in told
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    _, listed, _ = keys("list")
    assert re.match(rf"{key_id}  checkout  score,audit  created \S+  in use\n", listed)
    assert keys("revoke", key_id)[0] == 0
    _, listed, _ = keys("list")
    assert "  revoked 20" in listed
    assert secret not in path.read_text() + listed
    stored = json.loads(path.read_bytes())["keys"][0]
    assert set(stored) == {
        *("key_id", "name", "roles", "salt", "digest", "created_at", "revoked_at"),
    }


def test_a_name_is_that_of_one_key_for_ever(keys: Keys, path: Path) -> None:
    key_id = keys("create", "--name", "till", "--role", "score")[1].split("_")[1]
    for state in ("has", "had"):
        before = path.read_bytes()
        for name in ("till", "Till"):
            code, shown, told = keys("create", "--name", name, "--role", "score")
            assert (code, shown) == (1, "")
            assert f"key {key_id} in {path} {state} the name 'till'" in told
            assert told.count("\n") == 1
        assert path.read_bytes() == before
        keys("revoke", key_id)
    assert keys("create", "--name", "till 2027", "--role", "score")[0] == 0


def test_revoking_twice_keeps_the_first_time(keys: Keys, path: Path) -> None:
    key_id = keys("create", "--name", "a", "--role", "score")[1].split("_")[1]
    keys("revoke", key_id)
    before = path.read_bytes()
    assert keys("revoke", key_id)[0] == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create", "--name", "", "--role", "score"), "'' is no name for a key"),
        (("create", "--name", "a\nb", "--role", "score"), "is no name for a key"),
        (("create", "--name", "local", "--role", "score"), "asks a server without"),
        (("create", "--name", "LOCAL", "--role", "score"), "asks a server without"),
        (("revoke", "0123abcd"), "has no key 0123abcd; python -m api keys list"),
        (("revoke", "bati_0123abcd_secret"), "a key id is the eight hex digits"),
        (("rotate", "0123abcd"), "has no key 0123abcd; python -m api keys list"),
        (("rotate", "bati_0123abcd_secret"), "a key id is the eight hex digits"),
        (("rotate", "0123abcd", "--grace", "721"), "whole hours from 0 to 720"),
        (("rotate", "0123abcd", "--grace", "1.5"), "--grace is '1.5'; give whole"),
    ],
)
def test_a_mistake_is_one_line(
    keys: Keys, path: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, out, error = keys(*arguments)
    assert (code, out) == (1, "")
    assert error.startswith("api: ")
    assert told in error.replace("\n", " ")
    assert "secret" not in error
    assert not path.exists() or read_keys(path) == ()


def test_an_unknown_role_is_refused(keys: Keys) -> None:
    with pytest.raises(SystemExit):
        keys("create", "--name", "a", "--role", "root")


ENTRY = {
    "key_id": "0123abcd",
    "name": "a",
    "roles": ["score"],
    "salt": "0" * 32,
    "digest": "0" * 64,
    "created_at": "x",
    "revoked_at": None,
}


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"format": 2, "keys": []}',
        b'{"keys": []}',
        b'{"format": 1, "keys": [], "more": 1}',
        b"\xff\xfe",
        *(
            json.dumps({"format": 1, "keys": [ENTRY | change]}).encode()
            for change in (
                {"roles": ["root"]},
                {"roles": []},
                {"salt": ""},
                {"digest": "0" * 63},
                {"key_id": "x"},
                {"secret": "x"},
                {"valid_until": "tomorrow"},
                {"valid_until": "2026-11-25T12:00:00"},
            )
        ),
        json.dumps({"format": 1, "keys": [ENTRY, ENTRY]}).encode(),
    ],
)
def test_a_damaged_file_is_one_line_and_untouched(
    keys: Keys, path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for arguments in (("list",), ("create", "--name", "a", "--role", "score")):
        code, _, error = keys(*arguments)
        assert code == 1
        assert str(path) in error
        assert error.count("\n") == 1
    assert path.read_bytes() == content


def test_a_good_entry_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"format": 1, "keys": [ENTRY]}))
    assert read_keys(path)[0].name == "a"


def test_those_who_add_keys_at_once_lose_none(path: Path) -> None:
    names = [f"n{number}" for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: add_key(path, name, [Role.SCORE]), names))
    assert sorted(kept.name for kept in read_keys(path)) == sorted(names)
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(KeyFileError, match="cannot use the folder"):
        add_key(in_the_way / "keys.json", "a", [Role.SCORE])
    with pytest.raises(KeyFileError, match="cannot write the keys file"):
        write_keys(tmp_path / "nowhere" / "keys.json", ())
    with pytest.raises(KeyFileError, match="cannot read the keys file"):
        read_keys(tmp_path)
