"""The errors of this API; `api.problems` says how each is answered."""

from collections.abc import Mapping, Sequence
from typing import Final

from api.schemas.problem import FieldProblem

MOST_NAMED: Final = 3
MOST_LISTED: Final = 100


class ApiError(Exception):
    """An error that a caller can understand; the message is shown.

    Attributes
    ----------
    headers
        Headers of the answer, beside those that all have.
    """

    headers: Mapping[str, str] = {}


class NoReleaseError(ApiError):
    """There is no release that could be served."""


class DecisionsDisabledError(ApiError):
    """Nothing is decided at the moment: the switch is off, or the data are too old."""


class UnknownCustomerError(ApiError):
    """The release knows no customer with this id."""


class UnknownDecisionError(ApiError):
    """No log holds a decision with this id."""


class KeyReusedError(ApiError):
    """An idempotency key stands for another request already."""


class DecisionsUnavailableError(ApiError):
    """Decisions cannot be written to disk, or not be found."""


class DamagedRecordError(ApiError):
    """A record is not what was written."""


class UnauthenticatedError(ApiError):
    """Nobody known asks: no key, or one that opens nothing.

    Parameters
    ----------
    message
        What to do.
    error
        Error code of RFC 6750 when a key was sent.
    """

    def __init__(self, message: str, *, error: str | None = None) -> None:
        super().__init__(message)
        challenge = 'Bearer realm="bati"'
        self.headers = {
            "WWW-Authenticate": f'{challenge}, error="{error}"' if error else challenge
        }


class ForbiddenError(ApiError):
    """The key has none of the roles that the operation takes."""


class ForeignHostError(ApiError):
    """Without keys, a request comes from another machine, or names another."""


class ForeignPageError(ApiError):
    """Without keys, a page of somebody else asks through a browser of this machine."""


class TooManyRequestsError(ApiError):
    """A key asks too often.

    Parameters
    ----------
    message
        What to do.
    retry_after
        Whole seconds to wait.
    """

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.headers = {"Retry-After": str(retry_after)}


class KeysUnreadableError(ApiError):
    """Nobody can be let in, as the file of keys is damaged or gone."""


class UnsupportedMediaError(ApiError):
    """The body of a request is of a type that is not read."""


class MalformedBodyError(ApiError):
    """The body of a request is not JSON."""


class InvalidBodyError(ApiError):
    """Fields in the body of a request break its contract.

    Parameters
    ----------
    problems
        What is wrong, in the order in which it is told; the first few are named in
        the message, and an answer lists at most 100.
    """

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(_named(problems))
        self.problems = list(problems[:MOST_LISTED])


class InvalidQueryError(ApiError):
    """Parameters in the query of a request break its contract; as of a body."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(_named(problems))
        self.problems = list(problems[:MOST_LISTED])


def _named(problems: Sequence[FieldProblem]) -> str:
    named = "; ".join(f"{item.field} {item.message}" for item in problems[:MOST_NAMED])
    more = len(problems) - MOST_NAMED
    return f"{named}; and {more} more" if more > 0 else named
