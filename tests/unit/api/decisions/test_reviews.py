"""Reviews of a decision: one record each, and words that can be seen."""

import pytest

from tests.unit.api.conftest import Client

GIVEN = {"outcome": "approve", "reason": "called", "author": "A. Officer"}


@pytest.fixture
def path(deciding: Client) -> str:
    """Name the reviews of a decision."""
    told = deciding.post("/decisions", json={"customer_id": "CustomerId_1"}).json()
    return f"/decisions/{told['decision_id']}/review"


def test_the_latest_review_sent_again_adds_none(deciding: Client, path: str) -> None:
    answers = [deciding.post(path, json=GIVEN) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(answers[0].json()["reviews"]) == 1


def test_any_other_review_is_a_record_and_the_last_counts(
    deciding: Client, path: str
) -> None:
    others = [
        GIVEN,
        GIVEN | {"outcome": "decline"},
        GIVEN,
        GIVEN | {"author": "B. Officer"},
        GIVEN | {"outcome": "decline", "reason": "called again"},
    ]
    for number, given in enumerate(others, 1):
        answer = deciding.post(path, json=given).json()
        assert len(answer["reviews"]) == number
        assert answer["outcome"] == given["outcome"]


@pytest.mark.parametrize("field", ["author", "reason"])
@pytest.mark.parametrize("blank", ["\u200b", " \t", "\u2060\u00ad", "\u3000\u200e"])
def test_words_that_cannot_be_seen_are_none(
    deciding: Client, path: str, field: str, blank: str
) -> None:
    answer = deciding.post(path, json=GIVEN | {field: blank})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]
    seen = deciding.post(path, json=GIVEN | {field: f"{blank}\u00d6{blank}"})
    assert seen.status_code == 201
