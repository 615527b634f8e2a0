"""The commands that make, list, replace and revoke keys."""

import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from api.access.actor import LOCAL, Role
from api.access.key_file import KeyFileError, changing_keys, read_keys
from api.access.keys import KeyId, Name, StoredKey, new_key, utc_now

DEFAULT_GRACE: Final = 24
MOST_GRACE: Final = 30 * 24
SHOWN: Final = "it is shown this once, and works within a second"


def add_arguments(parser: ArgumentParser) -> None:
    """Describe ``create``, ``list``, ``rotate`` and ``revoke``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    creating = actions.add_parser("create", help="make a key and show it, once")
    creating.add_argument(
        "--name", required=True, help="who holds it; recorded in decisions and logs"
    )
    creating.add_argument(
        "--role",
        required=True,
        action="append",
        choices=[*Role],
        help="what it may do; give it again for more",
    )
    actions.add_parser("list", help="list keys, without what opens anything")
    rotating = actions.add_parser(
        "rotate", help="make a key of the same holder and roles, and end the old one"
    )
    rotating.add_argument("key_id", metavar="KEY_ID", help="as list shows it")
    rotating.add_argument(
        "--grace",
        metavar="HOURS",
        default=str(DEFAULT_GRACE),
        help=f"how long the old one still opens ({DEFAULT_GRACE}); 0: it is revoked",
    )
    revoking = actions.add_parser("revoke", help="make a key open nothing any more")
    revoking.add_argument("key_id", metavar="KEY_ID", help="as list shows it")


def run(path: Path, options: Namespace) -> int:
    """Run one of the commands and return its exit code.

    Raises
    ------
    KeyFileError
        If the file of keys cannot be used, or names no such key.
    ValueError
        If a name, an id or the hours are none, the name is taken, or a key opens
        nothing that could be replaced.
    """
    match options.action:
        case "create":
            _create(path, options.name, tuple(map(Role, dict.fromkeys(options.role))))
        case "rotate":
            _rotate(path, options.key_id, _hours(options.grace))
        case "revoke":
            _revoke(path, options.key_id)
        case _:
            _list(path)
    return 0


def _create(path: Path, name: str, roles: tuple[Role, ...]) -> None:
    try:
        msgspec.convert(name, Name)
    except msgspec.ValidationError as error:
        message = (
            f"'{name}' is no name for a key: give 1 to 64 letters, digits, spaces, "
            "dots, dashes or underscores, the first a letter or a digit"
        )
        raise ValueError(message) from error
    key, kept = new_key(name, roles, _written(utc_now()))
    with changing_keys(path) as keys:
        _require_free(name, keys, path)
        keys.append(kept)
    _show(key, f"key {kept.key_id} of {name} ({', '.join(roles)}) is in {path}")


def _require_free(name: str, keys: list[StoredKey], path: Path) -> None:
    """Refuse a name that a decision may hold already, as it holds nothing else."""
    if name.casefold() == LOCAL.name:
        message = (
            f"'{name}' is who asks a server without keys; give the key another name"
        )
        raise ValueError(message)
    for kept in keys:
        if kept.name.casefold() == name.casefold():
            state = "has" if kept.is_open(utc_now()) else "had"
            message = (
                f"key {kept.key_id} in {path} {state} the name '{kept.name}', and "
                "decisions and logs know a key by its name alone, also a revoked one; "
                "give another, such as one with the year"
            )
            raise ValueError(message)


def _rotate(path: Path, key_id: str, grace: timedelta) -> None:
    now = utc_now().replace(microsecond=0)
    with changing_keys(path) as keys:
        place = _place(path, keys, key_id)
        old = keys[place]
        _require_replaceable(old, keys, now)
        key, new = new_key(old.name, old.roles, _written(now))
        ends = min(now + grace, old.valid_until or now + grace)
        keys[place] = (
            msgspec.structs.replace(old, valid_until=ends)
            if grace
            else msgspec.structs.replace(old, revoked_at=_written(now))
        )
        keys.append(new)
    end = f"until {_written(ends)}" if grace else "nothing any more"
    roles = ", ".join(new.roles)
    replaces = f"replaces {key_id}, which opens {end}"
    _show(key, f"key {new.key_id} of {new.name} ({roles}) is in {path} and {replaces}")


def _require_replaceable(old: StoredKey, keys: list[StoredKey], now: datetime) -> None:
    """Refuse to give new life to a key that has ended, or two keys to one holder."""
    if not old.is_open(now):
        message = (
            f"key {old.key_id} of {old.name} opens nothing any more; "
            "python -m api keys create makes one, under another name"
        )
        raise ValueError(message)
    for kept in keys:
        if kept is not old and kept.name == old.name and _has_no_end(kept):
            message = (
                f"key {kept.key_id} of {kept.name} has replaced {old.key_id} already; "
                "rotate or revoke that one"
            )
            raise ValueError(message)


def _has_no_end(kept: StoredKey) -> bool:
    return kept.revoked_at is None and kept.valid_until is None


def _revoke(path: Path, key_id: str) -> None:
    now = utc_now()
    with changing_keys(path) as keys:
        place = _place(path, keys, key_id)
        kept = keys[place]
        if kept.revoked_at is None:
            keys[place] = msgspec.structs.replace(kept, revoked_at=_written(now))
    sys.stdout.write(f"key {key_id} of {kept.name} opens nothing any more\n")
    for other in keys:
        if other.name == kept.name and other.is_open(now):
            state = _state(other, now)
            sys.stdout.write(f"key {other.key_id} of the same holder is {state}\n")


def _place(path: Path, keys: list[StoredKey], key_id: str) -> int:
    """Find a key by its id."""
    try:
        msgspec.convert(key_id, KeyId)
    except msgspec.ValidationError as error:
        # Whoever pastes a whole key must not find it in a log of the terminal.
        message = "a key id is the eight hex digits that python -m api keys list shows"
        raise ValueError(message) from error
    for place, kept in enumerate(keys):
        if kept.key_id == key_id:
            return place
    message = f"{path} has no key {key_id}; python -m api keys list shows all"
    raise KeyFileError(message)


def _list(path: Path) -> None:
    keys = read_keys(path)
    if not keys:
        sys.stdout.write(f"no key in {path}\n")
    now = utc_now()
    for kept in keys:
        roles = ",".join(kept.roles)
        sys.stdout.write(
            f"{kept.key_id}  {kept.name}  {roles}  created {kept.created_at}  "
            f"{_state(kept, now)}\n"
        )


def _state(kept: StoredKey, now: datetime) -> str:
    if kept.revoked_at:
        return f"revoked {kept.revoked_at}"
    if kept.valid_until is None:
        return "in use"
    state = "in use until" if kept.is_open(now) else "replaced, ended"
    return f"{state} {_written(kept.valid_until)}"


def _hours(text: str) -> timedelta:
    if not text.isdecimal() or int(text) > MOST_GRACE:
        message = f"--grace is '{text}'; give whole hours from 0 to {MOST_GRACE}"
        raise ValueError(message)
    return timedelta(hours=int(text))


def _show(key: str, told: str) -> None:
    sys.stdout.write(f"{key}\n")
    sys.stdout.flush()
    sys.stderr.write(f"{told}; {SHOWN}\n")


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
