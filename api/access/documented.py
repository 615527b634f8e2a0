"""Writes keys and what refuses them into the OpenAPI document."""

from collections.abc import Mapping
from typing import Final

from litestar.openapi.spec import (
    Example,
    OpenAPI,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Reference,
    Schema,
    SecurityScheme,
)
from litestar.openapi.spec.enums import OpenAPIType
from msgspec import to_builtins

from api.access.actor import Role
from api.access.permissions import PERMISSIONS
from api.problems import PROBLEM_MEDIA_TYPE, example_of

SCHEME: Final = "api_key"
PROBLEM: Final = "#/components/schemas/Problem"
REFUSALS: Final = {
    "401": "No API key, or one that is not valid.",
    "403": "The key has none of the roles that this takes. Or, without keys, another "
    "machine or another site's page asks.",
    "429": "The key asks too often.",
    "503": "No answer in time, or keys cannot be checked.",
}
# Every operation with a key can time out, also one that says more of its own.
UNAVAILABLE: Final = "503"
REFUSAL_HEADERS: Final = {
    "401": ("WWW-Authenticate", "How to send a key."),
    "429": ("Retry-After", "Seconds to wait."),
}


def describe_access(document: OpenAPI) -> None:
    """Name the roles of every operation, and how a key is sent.

    Parameters
    ----------
    document
        OpenAPI document of the application, changed in place.
    """
    document.components.security_schemes = {
        SCHEME: SecurityScheme(
            type="http",
            scheme="bearer",
            description="A key made by `python -m api keys create`. A server without "
            "keys asks for none, and answers its own machine alone.",
        )
    }
    for item in (document.paths or {}).values():
        for method in ("get", "head", "put", "post", "delete", "patch"):
            operation = getattr(item, method)
            if operation is not None:
                _describe(operation)


def _describe(operation: Operation) -> None:
    roles = PERMISSIONS.get(operation.operation_id or "")
    if roles:
        named = " or ".join(f"`{role}`" for role in Role if role in roles)
        operation.security = [{SCHEME: []}]
        operation.description = (
            f"{operation.description} Takes a key with the role {named} (or `admin`)."
        )
        _document(operation, REFUSALS)
    else:
        operation.security = []


def _document(operation: Operation, descriptions: Mapping[str, str]) -> None:
    responses = dict(operation.responses or {})
    for status, description in descriptions.items():
        own = responses.get(status)
        if own is None:
            responses[status] = _problem(status, description)
        elif status == UNAVAILABLE and isinstance(own, OpenAPIResponse):
            own.description = f"{own.description} {description}"
    operation.responses = dict(sorted(responses.items()))


def _problem(status: str, description: str) -> OpenAPIResponse:
    headers: dict[str, OpenAPIHeader | Reference] = {}
    if status in REFUSAL_HEADERS:
        name, text = REFUSAL_HEADERS[status]
        headers[name] = OpenAPIHeader(
            description=text, schema=Schema(type=OpenAPIType.STRING)
        )
    value = to_builtins(example_of(int(status), description))
    example = Example(summary=description, value=value)
    return OpenAPIResponse(
        description=description,
        headers=headers or None,
        content={
            PROBLEM_MEDIA_TYPE: OpenAPIMediaType(
                schema=Reference(ref=PROBLEM), examples={status: example}
            )
        },
    )
