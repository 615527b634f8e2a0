"""The ring follows its file, and never opens by accident."""

import logging
from pathlib import Path

import msgspec
import pytest

from api.access import key_ring
from api.access.actor import Role
from api.access.key_file import KeyFileError, changing_keys
from api.access.key_ring import KeyRing
from api.errors import KeysUnreadableError
from tests.unit.api.access.key_clients import add_key


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def revoke(path: Path, key: str) -> None:
    with changing_keys(path) as keys:
        keys[:] = [
            msgspec.structs.replace(kept, revoked_at="2026-11-24T13:00:00Z")
            if kept.key_id in key
            else kept
            for kept in keys
        ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def holder(ring: KeyRing, key: str) -> str | None:
    assert ring.is_locked
    found = ring.holder_of(key.encode())
    return None if found is None else found.actor.name


def test_a_revoked_key_opens_nothing_within_a_second(path: Path, clock: Clock) -> None:
    leaver, stayer = (add_key(path, name, [Role.SCORE]) for name in ("a", "b"))
    ring = KeyRing(path, per_minute=0, clock=clock)
    assert holder(ring, leaver) == "a"
    revoke(path, leaver)
    clock.now += 1.0
    assert holder(ring, leaver) is None
    assert holder(ring, stayer) == "b"


def test_the_first_key_locks_a_ring_that_was_open(path: Path, clock: Clock) -> None:
    ring = KeyRing(path, per_minute=0, clock=clock)
    assert not ring.is_locked
    key = add_key(path, "first", [Role.SCORE])
    assert not ring.is_locked
    clock.now += 1.0
    assert holder(ring, key) == "first"


def test_a_ring_of_revoked_keys_stays_locked(path: Path, clock: Clock) -> None:
    key = add_key(path, "only", [Role.ADMIN])
    revoke(path, key)
    assert holder(KeyRing(path, per_minute=0, clock=clock), key) is None


@pytest.mark.parametrize("content", [None, "", '{"format": 1, "keys": []}', "{torn"])
def test_a_file_that_goes_bad_opens_nothing_until_it_is_good(
    path: Path, clock: Clock, content: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    key = add_key(path, "checkout", [Role.SCORE])
    good = path.read_bytes()
    ring = KeyRing(path, per_minute=0, clock=clock)
    path.unlink()
    if content is not None:
        path.write_text(content)
    clock.now += 1.0
    with caplog.at_level(logging.ERROR):
        assert ring.is_locked
    assert caplog.text.count("nobody is let in") == 1
    with pytest.raises(KeysUnreadableError):
        ring.holder_of(key.encode())
    path.write_bytes(good)
    clock.now += 1.0
    assert holder(ring, key) == "checkout"


def test_a_read_that_fails_once_locks_nobody_out_for_good(
    path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ring = KeyRing(path, per_minute=0, clock=clock)
    key = add_key(path, "checkout", [Role.SCORE])

    def fail(_: Path) -> None:
        raise KeyFileError("cannot read the keys file (Too many open files)")

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(key_ring, "read_keys", fail)
        for _ in range(3):
            clock.now += 1.0
            assert ring.is_locked
            with pytest.raises(KeysUnreadableError):
                ring.holder_of(key.encode())
    assert caplog.text.count("nobody is let in") == 1
    clock.now += 1.0
    assert holder(ring, key) == "checkout"


def test_a_damaged_file_locks_a_ring_that_was_open(path: Path, clock: Clock) -> None:
    ring = KeyRing(path, per_minute=0, clock=clock)
    path.write_text("{torn")
    clock.now += 1.0
    assert ring.is_locked


def test_a_bucket_outlives_a_change_of_the_file(path: Path, clock: Clock) -> None:
    key = add_key(path, "checkout", [Role.SCORE])
    ring = KeyRing(path, per_minute=1, clock=clock)
    before = ring.holder_of(key.encode())
    add_key(path, "another", [Role.SCORE])
    clock.now += 1.0
    assert ring.is_locked
    after = ring.holder_of(key.encode())
    assert before is not None
    assert after is not None
    assert after.bucket is before.bucket


def test_a_damaged_file_is_refused_at_the_start(path: Path) -> None:
    path.write_text("{torn")
    with pytest.raises(KeyFileError, match=r"keys\.json is damaged"):
        KeyRing(path, per_minute=0)
