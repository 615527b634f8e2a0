"""A long read of decisions holds up no other request."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.decisions.reader import Reader
from tests.unit.api.conftest import Client

SECONDS_TO_GIVE_UP = 10
MORE_THAN_THE_DEFAULT_THREADS = 40


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("of_customer", "/decisions?customer_id=CustomerId_0"),
        ("awaiting_review", "/reviews"),
        ("reviews", "/decisions/{}"),
    ],
)
def test_others_are_answered_while_decisions_are_read(
    deciding: Client, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    decided = deciding.post("/decisions", json={"customer_id": "CustomerId_0"})
    path = path.format(decided.json()["decision_id"])
    is_reading, may_go_on = threading.Event(), threading.Event()
    read = getattr(Reader, method)
    waited = []

    def slow(*arguments: object, **named: object) -> object:
        is_reading.set()
        waited.append(may_go_on.wait(SECONDS_TO_GIVE_UP))
        may_go_on.set()
        return read(*arguments, **named)

    monkeypatch.setattr(Reader, method, slow)
    with ThreadPoolExecutor(MORE_THAN_THE_DEFAULT_THREADS) as callers:
        lists = [
            callers.submit(deciding.get, path)
            for _ in range(MORE_THAN_THE_DEFAULT_THREADS)
        ]
        assert is_reading.wait(SECONDS_TO_GIVE_UP)
        others = [
            deciding.get("/customers/CustomerId_0/score"),
            deciding.post("/decisions", json={"customer_id": "CustomerId_0"}),
        ]
        may_go_on.set()
        answers = [asked.result() for asked in lists]
    assert [answer.status_code for answer in others] == [200, 201]
    assert all(waited), "the others were answered only after it"
    assert {answer.status_code for answer in answers} == {200}
