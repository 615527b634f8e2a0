"""Every role at every operation, against a matrix written down a second time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from api.access.actor import Role
from api.access.permissions import (
    PERMISSIONS,
    UnknownOperationError,
    permissions_of_routes,
)
from api.app import create_app
from api.settings import Settings
from tests.unit.api.access.key_clients import Client, Request, add_key, requests_of

PUBLIC = {"get_health", "get_ready", "head_health", "head_ready"}
MAY = {
    Role.SCORE: {
        *("get_customer_score", "score_customers", "predict"),
        *("create_decision", "get_model"),
    },
    Role.REVIEW: {
        *("list_reviews", "review_decision", "get_decision", "list_decisions"),
        "get_customer_features",
    },
    Role.AUDIT: {
        *("get_decision", "list_decisions", "replay_decision"),
        *("get_customer_features", "get_model", "get_metrics"),
    },
}
ALL = set.union(PUBLIC, *MAY.values())


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("access") / "keys.json"


@pytest.fixture(scope="module")
def key_of(keys: Path) -> dict[Role, str]:
    return {role: add_key(keys, str(role), [role]) for role in Role}


@pytest.fixture(scope="module")
def guarded(published: Path, keys: Path, key_of: dict[Role, str]) -> Iterator[Client]:
    assert key_of
    settings = Settings(data_dir=published, api_keys_file=keys)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def requests(guarded: Client) -> list[Request]:
    return requests_of(guarded.get("/docs/openapi.json").json())


def test_the_table_is_the_matrix() -> None:
    assert set(PERMISSIONS) == ALL
    for operation, roles in PERMISSIONS.items():
        assert roles == {role for role, may in MAY.items() if operation in may}


def test_the_table_holds_what_is_served(requests: list[Request]) -> None:
    assert {request.operation for request in requests} == ALL


@pytest.mark.parametrize("role", [*Role])
def test_a_role_may_do_what_is_its_own(
    guarded: Client, requests: list[Request], key_of: dict[Role, str], role: Role
) -> None:
    may = ALL if role is Role.ADMIN else MAY[role] | PUBLIC
    for request in requests:
        answer = request.send(guarded, key_of[role])
        if request.operation in may:
            assert answer.status_code not in {401, 403, 429, 500}, request
            continue
        assert answer.status_code == 403, request
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:problem-type:bati:role-missing"
        assert "or admin" in answer.json()["detail"]


def test_without_a_key_only_the_public_is_answered(
    guarded: Client, requests: list[Request]
) -> None:
    for request in requests:
        answer = request.send(guarded)
        if request.operation in PUBLIC:
            assert answer.status_code == 200
            continue
        assert answer.status_code == 401, request
        assert answer.headers["www-authenticate"] == 'Bearer realm="bati"'
        assert answer.json()["type"] == "urn:problem-type:bati:no-valid-key"


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/openapi.json", "/docs/assets/swagger-ui.css"]
)
def test_the_documentation_is_public(guarded: Client, path: str) -> None:
    assert guarded.get(path, follow_redirects=False).status_code in {200, 302}


@pytest.mark.parametrize("operation", ["delete_everything", None])
def test_an_operation_that_nobody_decided_on_is_refused(operation: str | None) -> None:
    @get("/everything", operation_id=operation, sync_to_thread=False)
    def handler() -> None:
        return None

    application = Litestar([handler], openapi_config=None)
    with pytest.raises(UnknownOperationError, match=r"/everything.*permissions\.py"):
        permissions_of_routes(application.routes)


def test_a_key_may_have_several_roles(published: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    both = add_key(keys, "both", [Role.SCORE, Role.AUDIT])
    settings = Settings(data_dir=published, api_keys_file=keys)
    with TestClient(create_app(settings)) as client:
        for path in ("/customers/CustomerId_0/score", "/metrics"):
            answer = client.get(path, headers={"Authorization": f"Bearer {both}"})
            assert answer.status_code == 200
