"""Headers of every answer, CORS, and what the documentation says of access."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.settings import Settings
from tests.unit.api.access.key_clients import Client, requests_of

ORIGIN = "https://bank.example"
Opener = Callable[..., Client]


@pytest.fixture(scope="module")
def opened(published: Path) -> Iterator[Opener]:
    clients = []

    def open_client(**settings: Any) -> Client:  # noqa: ANN401
        app = create_app(Settings(data_dir=published, **settings))
        clients.append(TestClient(app).__enter__())
        return clients[-1]

    yield open_client
    for client in clients:
        client.__exit__(None, None, None)


def test_every_answer_carries_the_headers(opened: Opener) -> None:
    client = opened()
    document = client.get("/docs/openapi.json").json()
    sent = [request.send(client) for request in requests_of(document)]
    for answer in [*sent, client.get("/nothing"), client.put("/health")]:
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]
        assert "strict-transport-security" not in headers
        assert "access-control-allow-origin" not in headers


def test_behind_tls_browsers_are_told_to_stay_there(opened: Opener) -> None:
    answer = opened(behind_tls=True).get("/health")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


def test_the_policy_of_the_documentation_lets_its_own_script_run(
    opened: Opener,
) -> None:
    answer = opened().get("/docs")
    policy = answer.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert re.search(r"script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert answer.headers["x-frame-options"] == "DENY"


def test_without_origins_no_page_elsewhere_may_call(opened: Opener) -> None:
    client = opened()
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    for answer in (
        client.get("/health", headers={"Origin": ORIGIN}),
        client.options("/customers/x/score", headers=asked),
    ):
        assert not [name for name in answer.headers if name.startswith("access-con")]


def test_named_origins_may_call_and_others_may_not(opened: Opener) -> None:
    client = opened(cors_origins=(ORIGIN,))
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = client.options("/predict", headers={**asked, "Origin": ORIGIN})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in preflight.headers
    allowed = client.get("/health", headers={"Origin": ORIGIN})
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    foreign = {"Origin": "https://evil.example"}
    assert client.options("/predict", headers={**asked, **foreign}).status_code == 400
    refused = client.get("/health", headers=foreign)
    assert "access-control-allow-origin" not in refused.headers


def test_the_document_tells_how_a_key_is_sent(opened: Opener) -> None:
    document = opened().get("/docs/openapi.json").json()
    (name,) = document["components"]["securitySchemes"]
    scheme = document["components"]["securitySchemes"][name]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path, item in document["paths"].items():
        for operation in item.values():
            responses = operation["responses"]
            if path in {"/health", "/ready"}:
                assert operation["security"] == []
                assert not {"401", "403", "429"} & responses.keys()
                continue
            assert operation["security"] == [{name: []}]
            assert "(or `admin`)" in operation["description"]
            for status in ("401", "403", "429", "503"):
                content = responses[status]["content"]
                assert content["application/problem+json"].items() >= problem.items()
            assert "WWW-Authenticate" in responses["401"]["headers"]
            assert "Retry-After" in responses["429"]["headers"]
