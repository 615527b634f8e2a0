"""HEAD, as load balancers ask: the answer to GET, but for its body."""

from litestar.openapi.spec import OpenAPI, OpenAPIResponse
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def without_body(app: ASGIApp) -> ASGIApp:
    """Wrap a handler of HEAD that answers as that of GET does, errors too."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        await app(scope, receive, send_head)

    return answer


def describe_head(document: OpenAPI) -> None:
    """Document that no answer to HEAD has a body, in place."""
    for item in (document.paths or {}).values():
        responses = (item.head and item.head.responses) or {}
        for response in responses.values():
            if isinstance(response, OpenAPIResponse):
                response.content = None
