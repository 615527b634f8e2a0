"""Every error a caller can see, as RFC 9457 problem details, in one place."""

import logging
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from api.body import in_words
from api.errors import (
    ApiError,
    DamagedRecordError,
    DecisionsDisabledError,
    DecisionsUnavailableError,
    ForbiddenError,
    ForeignHostError,
    ForeignPageError,
    InvalidBodyError,
    InvalidQueryError,
    KeyReusedError,
    KeysUnreadableError,
    MalformedBodyError,
    NoReleaseError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnknownCustomerError,
    UnknownDecisionError,
    UnsupportedMediaError,
)
from api.observability.request_ids import request_id_of
from api.schemas.problem import FieldProblem, Problem

logger = logging.getLogger(__name__)

PROBLEM_MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:problem-type:bati:"
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """How one kind of error is published."""

    status: int
    name: str
    title: str


PROBLEM_KINDS: Final[dict[type[ApiError], ProblemKind]] = {
    NoReleaseError: ProblemKind(503, "no-release", "No release to serve"),
    DecisionsDisabledError: ProblemKind(
        503, "decisions-disabled", "Nothing is decided at the moment"
    ),
    UnknownCustomerError: ProblemKind(404, "unknown-customer", "Unknown customer"),
    UnknownDecisionError: ProblemKind(404, "unknown-decision", "Unknown decision"),
    KeyReusedError: ProblemKind(409, "key-reused", "Idempotency key reused"),
    DecisionsUnavailableError: ProblemKind(
        503, "decisions-unavailable", "Decisions cannot be recorded"
    ),
    DamagedRecordError: ProblemKind(500, "damaged-record", "Damaged record"),
    UnsupportedMediaError: ProblemKind(415, "unsupported-media", "Not JSON"),
    MalformedBodyError: ProblemKind(400, "malformed-body", "Malformed body"),
    InvalidQueryError: ProblemKind(400, "invalid-query", "Invalid query"),
    InvalidBodyError: ProblemKind(422, "invalid-body", "Invalid body"),
    UnauthenticatedError: ProblemKind(401, "no-valid-key", "No valid API key"),
    ForbiddenError: ProblemKind(403, "role-missing", "Not allowed"),
    ForeignHostError: ProblemKind(403, "foreign-host", "Not allowed"),
    ForeignPageError: ProblemKind(403, "foreign-page", "Not allowed"),
    TooManyRequestsError: ProblemKind(429, "too-many-requests", "Too many requests"),
    KeysUnreadableError: ProblemKind(503, "keys-unreadable", "Keys cannot be checked"),
}


def example_of(status: int, detail: str) -> Problem:
    """Give an example of the problems with this status.

    Examples
    --------
    >>> example_of(404, "There is none.").title
    'Unknown customer'
    """
    kinds = (kind for kind in PROBLEM_KINDS.values() if kind.status == status)
    kind = next(kinds, None)
    if kind is None:
        return Problem("about:blank", HTTPStatus(status).phrase, status, detail)
    return Problem(f"{TYPE_PREFIX}{kind.name}", kind.title, status, detail)


def problem_of_api_error(request: AnyRequest, error: ApiError) -> Response[Problem]:
    """Answer an error of this API."""
    kind = PROBLEM_KINDS[type(error)]
    return _answer(
        Problem(
            type=f"{TYPE_PREFIX}{kind.name}",
            title=kind.title,
            status=kind.status,
            detail=str(error),
            errors=getattr(error, "problems", []),
            request_id=request_id_of(request.scope),
        ),
        headers=dict(error.headers),
    )


def problem_of_http_error(
    request: AnyRequest, error: HTTPException
) -> Response[Problem]:
    """Answer an error of the framework: no such path, method, body too large."""
    errors = [
        FieldProblem(str(item["key"]), in_words(str(item["message"])))
        for item in error.extra or ()
        if isinstance(item, dict) and "key" in item
    ]
    named = "; ".join(f"{item.field} {item.message}" for item in errors)
    problem = Problem(
        type="about:blank",
        title=HTTPStatus(error.status_code).phrase,
        status=error.status_code,
        detail=named or error.detail,
        errors=errors,
        request_id=request_id_of(request.scope),
    )
    return _answer(problem, headers=error.headers)


def problem_of_defect(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Answer a defect of ours without telling how it came about."""
    # The message may hold a customer id; type and place are enough to find it.
    place = "".join(traceback.format_tb(error.__traceback__))
    request_id = request_id_of(request.scope)
    logger.error(
        "request %s: unexpected %s at\n%s", request_id, type(error).__name__, place
    )
    problem = Problem(
        type="about:blank",
        title=HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="The request could not be answered; the log says where it failed.",
        request_id=request_id,
    )
    return _answer(problem)


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {
    ApiError: problem_of_api_error,
    HTTPException: problem_of_http_error,
    Exception: problem_of_defect,
}


def _answer(
    problem: Problem, headers: dict[str, str] | None = None
) -> Response[Problem]:
    return Response(
        problem,
        status_code=problem.status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers=headers,
    )
