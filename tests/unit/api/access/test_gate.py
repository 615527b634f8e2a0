"""Who is let in, and how refusals read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from litestar.testing import TestClient

from api.access import keys as keys_module
from api.access.actor import Role
from api.access.key_file import read_keys
from api.app import create_app
from api.settings import Settings
from tests.unit.api.access.key_clients import Client, add_key, connect_from

SCORE = "/customers/CustomerId_0/score"
Opener = Callable[..., Client]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def opened(published: Path, keys: Path) -> Iterator[Opener]:
    clients = []

    def open_client(
        *,
        is_local_only: bool = False,
        address: str | None = "127.0.0.1",
        **settings: Any,  # noqa: ANN401
    ) -> Client:
        app = create_app(
            Settings(data_dir=published, api_keys_file=keys, **settings),
            is_local_only=is_local_only,
        )
        client: Client = TestClient(connect_from(app, address))
        clients.append(client.__enter__())
        return clients[-1]

    yield open_client
    for client in clients:
        client.__exit__(None, None, None)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_without_keys_nobody_is_asked_for_one(opened: Opener) -> None:
    client = opened(rate_limit_per_minute=1)
    for _ in range(3):
        assert client.get(SCORE).status_code == 200


def test_anything_but_a_whole_key_is_refused_alike(opened: Opener, keys: Path) -> None:
    key = add_key(keys, "checkout", [Role.SCORE])
    client = opened()
    assert client.get(SCORE, headers=bearer(key)).status_code == 200
    assert client.get(SCORE, headers={"Authorization": f"bEARER  {key}"}).is_success
    head, key_id, secret = key.split("_", 2)
    other = "A" if secret[0] != "A" else "B"
    details = set()
    for wrong in (
        *(key[:-1], f"{key}x", f"{head}_{key_id}_{other}{secret[1:]}", secret, ""),
        *(f"{head}_00000000_{secret}", key_id, "\xff", "x" * 8_000),
    ):
        headers = {"Authorization": f"Bearer {wrong}".encode("latin-1")}
        answer = client.get(SCORE, headers=headers)
        assert answer.status_code == 401, wrong
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        details.add(answer.json()["detail"])
    assert client.get(SCORE, headers={"Authorization": f"Basic {key}"}).is_client_error
    assert len(details) == 1


def test_secrets_are_compared_in_constant_time(
    opened: Opener, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = add_key(keys, "checkout", [Role.SCORE])
    compared = []

    def compare(found: bytes, expected: bytes) -> bool:
        compared.append((len(found), len(expected)))
        return found == expected

    client = opened()
    monkeypatch.setattr(keys_module.hmac, "compare_digest", compare)
    unknown = f"bati_00000000_{key[-43:]}"
    assert client.get(SCORE, headers=bearer(key)).status_code == 200
    assert client.get(SCORE, headers=bearer(unknown)).status_code == 401
    assert compared == [(32, 32), (32, 32)]


def test_a_key_that_asks_too_often_waits(opened: Opener, keys: Path) -> None:
    busy = add_key(keys, "busy", [Role.SCORE])
    other = add_key(keys, "other", [Role.SCORE])
    client = opened(rate_limit_per_minute=2)
    statuses = [client.get(SCORE, headers=bearer(busy)).status_code for _ in range(2)]
    assert statuses == [200, 200]
    refused = client.get(SCORE, headers=bearer(busy))
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.json()["type"] == "urn:problem-type:bati:too-many-requests"
    assert client.get(SCORE, headers=bearer(other)).status_code == 200
    assert client.get("/health", headers=bearer(busy)).status_code == 200


def test_workers_share_the_limit_of_a_key(opened: Opener, keys: Path) -> None:
    key = add_key(keys, "busy", [Role.SCORE])
    client = opened(rate_limit_per_minute=4, workers=2)
    statuses = [client.get(SCORE, headers=bearer(key)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_zero_is_no_limit(opened: Opener, keys: Path) -> None:
    key = add_key(keys, "busy", [Role.SCORE])
    client = opened(rate_limit_per_minute=0)
    for _ in range(3):
        assert client.get(SCORE, headers=bearer(key)).status_code == 200


def test_the_file_holds_no_secret(keys: Path) -> None:
    key = add_key(keys, "checkout", [Role.SCORE])
    assert key[-43:] not in keys.read_text()
    assert read_keys(keys)[0].key_id in key


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("evil.example:8000", 403),
        ("127.0.0.1.evil.example", 403),
    ],
)
def test_without_keys_a_foreign_name_is_refused(
    opened: Opener, host: str, status: int
) -> None:
    client = opened(is_local_only=True)
    answer = client.get(SCORE, headers={"Host": host})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.8.8", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.0.0.7", 403),
        ("::ffff:10.0.0.7", 403),
        ("localhost", 403),
        ("", 403),
        (None, 403),
    ],
)
def test_without_keys_another_machine_is_refused_whatever_name_it_gives(
    opened: Opener, address: str | None, status: int
) -> None:
    client = opened(is_local_only=True, address=address)
    answer = client.get(SCORE, headers={"Host": "localhost"})
    assert answer.status_code == status


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For"])
def test_without_keys_a_proxy_is_refused(opened: Opener, name: str) -> None:
    client = opened(is_local_only=True)
    headers = {"Host": "localhost", name: "for=10.0.0.7"}
    assert client.get(SCORE, headers=headers).status_code == 403


PAGES: Final = (
    ({}, 200),
    ({"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"}, 200),
    ({"Origin": "https://localhost:8000"}, 200),
    ({"Origin": "https://bank.example", "Sec-Fetch-Site": "cross-site"}, 200),
    ({"Sec-Fetch-Site": "none"}, 200),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "https://bank.example.evil.example"}, 403),
    ({"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "http://localhost"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": ""}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
)


@pytest.mark.parametrize(("headers", "status"), PAGES)
def test_without_keys_no_page_of_others_asks(
    opened: Opener, headers: dict[str, str], status: int
) -> None:
    client = opened(is_local_only=True, cors_origins=("https://bank.example",))
    for method, path in (("GET", SCORE), ("POST", "/predict")):
        body = None if method == "GET" else [None] * 26
        sent = headers | {"Host": "localhost:8000"}
        answer = client.request(method, path, headers=sent, json=body)
        assert answer.status_code == status, answer.text
        if status == 403:
            assert answer.json()["type"] == "urn:problem-type:bati:foreign-page"


def test_with_keys_any_page_that_has_one_asks(opened: Opener, keys: Path) -> None:
    headers = bearer(add_key(keys, "checkout", [Role.SCORE]))
    headers |= {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
    assert opened(is_local_only=True).get(SCORE, headers=headers).status_code == 200


def test_with_keys_any_name_and_machine_will_do(opened: Opener, keys: Path) -> None:
    key = add_key(keys, "checkout", [Role.SCORE])
    headers = {**bearer(key), "Host": "scores.bank.example"}
    client = opened(is_local_only=True, address="10.0.0.7", host="0.0.0.0")  # noqa: S104
    assert client.get(SCORE, headers=headers).status_code == 200
