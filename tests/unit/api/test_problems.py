"""Errors of ours: a clean answer, and a log without customers."""

import logging

import pytest
from litestar.testing import TestClient

from api import errors, problems
from api.release_store import Release
from tests.unit.api.conftest import Client


def test_a_defect_tells_nothing_and_logs_no_customer(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Release, customer_id: str) -> None:
        message = f"cannot look up {customer_id}"
        raise RuntimeError(message)

    monkeypatch.setattr(Release, "find", fail)
    quiet = TestClient(client.app, raise_server_exceptions=False)
    with caplog.at_level(logging.DEBUG):
        answer = quiet.get("/customers/Secret_77/score")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "RuntimeError" not in answer.text
    assert "Secret_77" not in answer.text
    ours = [record for record in caplog.records if record.name == problems.__name__]
    assert ": unexpected RuntimeError at" in ours[0].getMessage()
    assert all("Secret_77" not in record.getMessage() for record in ours)


def test_every_error_of_the_api_has_a_kind() -> None:
    assert set(problems.PROBLEM_KINDS) == set(errors.ApiError.__subclasses__())


def test_an_unknown_path(client: Client) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "about:blank"
