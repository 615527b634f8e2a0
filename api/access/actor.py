"""The one who asks: written into every decision, never taken from a body."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a key may do; `admin` may do everything."""

    SCORE = "score"
    REVIEW = "review"
    AUDIT = "audit"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Holder of a key.

    Attributes
    ----------
    name
        As given when the key was created; it is recorded, so it is no secret.
    roles
        What the key may do.

    Examples
    --------
    >>> Actor("checkout", frozenset({Role.SCORE})).may(Role.REVIEW)
    False
    >>> LOCAL.may(Role.AUDIT)
    True
    """

    name: str
    roles: frozenset[Role]

    def may(self, role: Role) -> bool:
        """Whether this actor may do what `role` allows."""
        return role in self.roles or Role.ADMIN in self.roles


LOCAL: Final = Actor("local", frozenset({Role.ADMIN}))
