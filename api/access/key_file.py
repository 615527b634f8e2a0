"""The file of keys: read whole or refused, replaced whole."""

import fcntl
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from api.access.keys import StoredKey

FORMAT: Final = 1
LARGEST_FILE: Final = 16 * 1024 * 1024


class KeyFileError(Exception):
    """The file of keys cannot be used; the message says why."""


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds."""

    format: Literal[1]
    keys: Annotated[tuple[StoredKey, ...], msgspec.Meta(max_length=100_000)] = ()


def read_keys(path: Path) -> tuple[StoredKey, ...]:
    """Read all keys, revoked ones too.

    Parameters
    ----------
    path
        File of keys. An absent or empty one (``/dev/null``) holds none.

    Raises
    ------
    KeyFileError
        If it cannot be read, is torn, or is not what this version writes.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE)
    except FileNotFoundError:
        return ()
    except OSError as error:
        message = f"cannot read the keys file {path} ({error.strerror})"
        raise KeyFileError(message) from error
    if not content:
        return ()
    try:
        keys = msgspec.json.decode(content, type=KeyFile).keys
    except msgspec.MsgspecError as error:
        message = (
            f"the keys file {path} is damaged ({error}); restore it, or move it away "
            "and create new keys with python -m api keys create"
        )
        raise KeyFileError(message) from error
    repeated = [
        key_id
        for key_id, count in Counter(key.key_id for key in keys).items()
        if count > 1
    ]
    if repeated:
        message = f"the keys file {path} has key {repeated[0]} more than once"
        raise KeyFileError(message)
    return keys


def write_keys(path: Path, keys: tuple[StoredKey, ...]) -> None:
    """Replace the file in one step, readable by its owner alone.

    Raises
    ------
    KeyFileError
        If it cannot be written; the old file is then untouched.
    """
    content = msgspec.json.format(
        msgspec.json.encode(KeyFile(format=FORMAT, keys=keys)), indent=2
    )
    try:
        # mkstemp gives mode 0600.
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)  # noqa: PTH105 (both names are in one folder)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
    except OSError as error:
        message = f"cannot write the keys file {path} ({error.strerror})"
        raise KeyFileError(message) from error


@contextmanager
def changing_keys(path: Path) -> Iterator[list[StoredKey]]:
    """Give the keys to change, and write them back; one who changes at a time.

    Raises
    ------
    KeyFileError
        If the file cannot be read or written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        message = f"cannot use the folder {path.parent} ({error.strerror})"
        raise KeyFileError(message) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        keys = [*read_keys(path)]
        yield keys
        write_keys(path, tuple(keys))
    finally:
        os.close(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
