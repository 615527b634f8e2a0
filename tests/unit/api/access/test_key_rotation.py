"""A key that another replaces: the same holder, and an end for the old one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient

from api.access import key_commands
from api.access.actor import Role
from api.access.key_file import read_keys
from api.access.key_ring import KeyRing
from api.app import create_app
from api.settings import Settings
from tests.unit.api.access.conftest import Keys
from tests.unit.api.access.test_key_ring import Clock

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def made(keys: Keys, *roles: str) -> str:
    """Make the key of the till."""
    options = [option for role in roles or ("score",) for option in ("--role", role)]
    return keys("create", "--name", "till", *options)[1].strip()


def rotated(keys: Keys, key: str, *options: str) -> str:
    code, shown, told = keys("rotate", id_of(key), *options)
    assert code == 0, told
    return shown.strip()


def id_of(key: str) -> str:
    return key.split("_")[1]


def opened(path: Path, key: str, *, at: datetime) -> tuple[str, set[Role]] | None:
    ring = KeyRing(path, per_minute=0, calendar=lambda: at)
    holder = ring.holder_of(key.encode())
    return None if holder is None else (holder.actor.name, {*holder.actor.roles})


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands run at noon."""
    monkeypatch.setattr(key_commands, "utc_now", lambda: NOON)


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(("options", "hours"), [((), 24), (("--grace", "2"), 2)])
def test_both_keys_open_until_the_grace_is_over(
    keys: Keys, path: Path, options: tuple[str, ...], hours: int
) -> None:
    old = made(keys, "score", "audit")
    new = rotated(keys, old, *options)
    holder = ("till", {Role.SCORE, Role.AUDIT})
    end = NOON + hours * HOUR
    assert old != new
    for moment in (NOON, end - timedelta(seconds=1)):
        assert opened(path, old, at=moment) == opened(path, new, at=moment) == holder
    assert opened(path, old, at=end) is None
    assert opened(path, new, at=end + 10_000 * HOUR) == holder
    _, listed, _ = keys("list")
    first, second = listed.splitlines()
    assert first.endswith(f"in use until {end:%Y-%m-%dT%H:%M:%SZ}")
    assert second.endswith("in use")


def test_without_grace_the_old_key_is_revoked(keys: Keys, path: Path) -> None:
    old = made(keys)
    new = rotated(keys, old, "--grace", "0")
    assert opened(path, old, at=NOON) is None
    assert opened(path, new, at=NOON) is not None
    assert [kept.revoked_at is None for kept in read_keys(path)] == [False, True]


def test_the_new_key_is_shown_once(keys: Keys, path: Path) -> None:
    old = made(keys)
    code, shown, told = keys("rotate", id_of(old))
    key = shown.strip()
    assert (code, shown.count("\n"), told.count("\n")) == (0, 1, 1)
    assert f"key {id_of(key)} of till (score) is in {path}" in told
    assert f"replaces {id_of(old)}, which opens until 20" in told
    secret = key.split("_", 2)[2]
    assert secret not in told + path.read_text() + keys("list")[1]


@pytest.mark.usefixtures("at_noon")
def test_an_end_is_never_put_off(keys: Keys, path: Path) -> None:
    first = made(keys)
    second = rotated(keys, first, "--grace", "1")
    keys("revoke", id_of(second))
    third = rotated(keys, first, "--grace", "5")
    assert opened(path, first, at=NOON + HOUR) is None
    assert opened(path, third, at=NOON + HOUR) is not None


def test_a_key_is_replaced_by_one(keys: Keys, path: Path) -> None:
    old = made(keys)
    new = rotated(keys, old)
    before = path.read_bytes()
    code, shown, told = keys("rotate", id_of(old))
    assert (code, shown) == (1, "")
    assert f"key {id_of(new)} of till has replaced {id_of(old)} already" in told
    assert path.read_bytes() == before
    assert rotated(keys, new)


@pytest.mark.parametrize("ending", ["revoked", "over"])
def test_what_has_ended_is_not_given_new_life(
    keys: Keys, path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    old = made(keys)
    if ending == "revoked":
        keys("revoke", id_of(old))
    else:
        keys("revoke", id_of(rotated(keys, old, "--grace", "1")))
        later = datetime.now(UTC) + 2 * HOUR
        monkeypatch.setattr(key_commands, "utc_now", lambda: later)
        assert "replaced, ended 20" in keys("list")[1]
    before = path.read_bytes()
    code, shown, told = keys("rotate", id_of(old))
    assert (code, shown, told.count("\n")) == (1, "", 1)
    assert "opens nothing any more" in told
    assert path.read_bytes() == before
    assert (
        "had the name 'till'" in keys("create", "--name", "till", "--role", "score")[2]
    )


def test_revoking_one_key_says_that_the_other_opens(keys: Keys) -> None:
    old = made(keys)
    new = rotated(keys, old)
    _, told, _ = keys("revoke", id_of(new))
    first, second = told.splitlines()
    assert first == f"key {id_of(new)} of till opens nothing any more"
    assert second.startswith(f"key {id_of(old)} of the same holder is in use until 20")
    assert keys("revoke", id_of(old))[1].count("\n") == 1


def test_two_keys_of_one_holder_share_a_limit(keys: Keys, path: Path) -> None:
    clock = Clock()
    old = made(keys)
    ring = KeyRing(path, per_minute=1, clock=clock)
    before = ring.holder_of(old.encode())
    new = rotated(keys, old)
    clock.now += 1.0
    assert ring.is_locked
    after = [ring.holder_of(key.encode()) for key in (old, new)]
    buckets = {id(holder and holder.bucket) for holder in (before, *after)}
    assert len(buckets) == 1
    assert None not in (before, *after)


def test_the_new_key_finds_what_the_old_one_decided(
    keys: Keys, path: Path, published: Path, tmp_path: Path
) -> None:
    old = made(keys)
    new = rotated(keys, old)
    asked = {"customer_id": "CustomerId_0", "idempotency_key": "order-17"}
    settings = Settings(
        data_dir=published, decisions_path=tmp_path / "logs", api_keys_file=path
    )
    with TestClient(create_app(settings)) as client:
        first, again = (
            client.post(
                "/decisions", json=asked, headers={"Authorization": f"Bearer {key}"}
            )
            for key in (old, new)
        )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    (log,) = (tmp_path / "logs").glob("*.jsonl")
    assert log.read_text().count('"actor":"till"') == 1
