"""The commands that make, list and revoke keys."""

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from api.access.actor import LOCAL, Role
from api.access.key_file import KeyFileError, changing_keys, read_keys
from api.access.keys import KeyId, Name, StoredKey, new_key


def add_arguments(parser: ArgumentParser) -> None:
    """Describe ``create``, ``list`` and ``revoke``."""
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
    revoking = actions.add_parser("revoke", help="make a key open nothing any more")
    revoking.add_argument("key_id", metavar="KEY_ID", help="as list shows it")


def run(path: Path, options: Namespace) -> int:
    """Run one of the commands and return its exit code.

    Raises
    ------
    KeyFileError
        If the file of keys cannot be used, or names no such key.
    ValueError
        If a name or id is none, or the name is taken.
    """
    match options.action:
        case "create":
            _create(path, options.name, tuple(map(Role, dict.fromkeys(options.role))))
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
    key, kept = new_key(name, roles, _now())
    with changing_keys(path) as keys:
        _require_free(name, keys, path)
        keys.append(kept)
    sys.stdout.write(f"{key}\n")
    sys.stdout.flush()
    sys.stderr.write(
        f"key {kept.key_id} of {name} ({', '.join(roles)}) is in {path}; it is shown "
        "this once, and works within a second\n"
    )


def _require_free(name: str, keys: list[StoredKey], path: Path) -> None:
    """Refuse a name that a decision may hold already, as it holds nothing else."""
    if name.casefold() == LOCAL.name:
        message = (
            f"'{name}' is who asks a server without keys; give the key another name"
        )
        raise ValueError(message)
    for kept in keys:
        if kept.name.casefold() == name.casefold():
            state = "had" if kept.revoked_at else "has"
            message = (
                f"key {kept.key_id} in {path} {state} the name '{kept.name}', and "
                "decisions and logs know a key by its name alone, also a revoked one; "
                "give another, such as one with the year"
            )
            raise ValueError(message)


def _revoke(path: Path, key_id: str) -> None:
    try:
        msgspec.convert(key_id, KeyId)
    except msgspec.ValidationError as error:
        # Whoever pastes a whole key must not find it in a log of the terminal.
        message = "a key id is the eight hex digits that python -m api keys list shows"
        raise ValueError(message) from error
    with changing_keys(path) as keys:
        found = [place for place, kept in enumerate(keys) if kept.key_id == key_id]
        if not found:
            message = f"{path} has no key {key_id}; python -m api keys list shows all"
            raise KeyFileError(message)
        kept = keys[found[0]]
        if kept.revoked_at is None:
            keys[found[0]] = msgspec.structs.replace(kept, revoked_at=_now())
    sys.stdout.write(f"key {key_id} of {kept.name} opens nothing any more\n")


def _list(path: Path) -> None:
    keys = read_keys(path)
    if not keys:
        sys.stdout.write(f"no key in {path}\n")
    for kept in keys:
        sys.stdout.write(f"{_described(kept)}\n")


def _described(kept: StoredKey) -> str:
    state = f"revoked {kept.revoked_at}" if kept.revoked_at else "in use"
    roles = ",".join(kept.roles)
    return f"{kept.key_id}  {kept.name}  {roles}  created {kept.created_at}  {state}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
