"""Makes API keys, and tells whether a key is the one that was given out.

A key reads ``bati_<key id>_<secret>``. The id finds the entry, so that a request costs
one comparison however many keys there are; it is public. The secret has 256 random
bits, and only its salted hash is kept.

Why SHA-256 and not scrypt: a slow hash makes guessing costly where people choose the
secret. Nobody guesses 256 random bits, at any speed, and scrypt (50 ms, 16 MB) would
be paid on every request, which is some five hundred times the rest of the request.
SHA-256 over salt and secret takes a microsecond.
"""

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from api.access.actor import Role

PREFIX: Final = "bati"
ID_BYTES: Final = 4
SECRET_BYTES: Final = 32
SALT_BYTES: Final = 16
KEY: Final = re.compile(rb"bati_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
# Hashed against when no entry fits, so that an unknown id takes as long as a known one.
NOBODY: Final = bytes(SALT_BYTES)

KeyId = Annotated[str, Meta(pattern="^[0-9a-f]{8}$")]
Name = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")]
Salt = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class StoredKey(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is kept of a key.

    Attributes
    ----------
    key_id
        Eight hex digits, as in the key itself.
    name
        Of the holder; written into decisions and logs.
    roles
        What it may do.
    salt, digest
        Salt, and SHA-256 of salt and secret, in hex.
    created_at, revoked_at
        ISO 8601, UTC; a revoked key stays in the file, to be told from one that
        never was.
    valid_until
        From when on it opens nothing, as another key of the same holder has replaced
        it; None is for ever.
    """

    key_id: KeyId
    name: Name
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]
    salt: Salt
    digest: Digest
    created_at: str
    revoked_at: str | None = None
    valid_until: Annotated[datetime, Meta(tz=True)] | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it opens anything at this time.

        Examples
        --------
        >>> from msgspec.structs import replace
        >>> _, kept = new_key("till", (Role.SCORE,), "2026-11-24T12:00:00Z")
        >>> noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
        >>> replaced = replace(kept, valid_until=noon)
        >>> kept.is_open(noon), replaced.is_open(noon)
        (True, False)
        """
        is_over = self.valid_until is not None and now >= self.valid_until
        return self.revoked_at is None and not is_over


def utc_now() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


def new_key(
    name: str, roles: tuple[Role, ...], created_at: str
) -> tuple[str, StoredKey]:
    """Make a key.

    Parameters
    ----------
    name, roles, created_at
        As in `StoredKey`.

    Returns
    -------
    tuple
        The key, which is shown once, and what is kept of it.

    Examples
    --------
    >>> key, kept = new_key("checkout", (Role.SCORE,), "2026-11-24T12:00:00Z")
    >>> secret = parse_key(key.encode())[1]
    >>> is_secret_of(secret, kept), is_secret_of(b"another", kept)
    (True, False)
    >>> secret.decode() in repr(kept)
    False
    """
    key_id = secrets.token_hex(ID_BYTES)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    salt = secrets.token_bytes(SALT_BYTES)
    kept = StoredKey(
        key_id=key_id,
        name=name,
        roles=roles,
        salt=salt.hex(),
        digest=_digest(salt, secret.encode()).hex(),
        created_at=created_at,
    )
    return f"{PREFIX}_{key_id}_{secret}", kept


def parse_key(key: bytes) -> tuple[str, bytes] | None:
    """Split a key into id and secret; None when it is no key of ours.

    Examples
    --------
    >>> parse_key(b"bati_0123abcd_" + 43 * b"x")[0]
    '0123abcd'
    >>> parse_key(b"hunter2")
    """
    found = KEY.fullmatch(key)
    return None if found is None else (found[1].decode(), found[2])


def is_secret_of(secret: bytes, kept: StoredKey | None) -> bool:
    """Whether this secret is the kept one; takes as long when nothing is kept."""
    salt = NOBODY if kept is None else bytes.fromhex(kept.salt)
    expected = NOBODY * 2 if kept is None else bytes.fromhex(kept.digest)
    return hmac.compare_digest(_digest(salt, secret), expected) and kept is not None


def _digest(salt: bytes, secret: bytes) -> bytes:
    return hashlib.sha256(salt + secret).digest()
