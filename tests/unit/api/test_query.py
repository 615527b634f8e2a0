"""A query that two readers could take differently, or that says nothing, is refused."""

import pytest

from tests.unit.api.conftest import Client


@pytest.mark.parametrize(
    ("path", "field", "message"),
    [
        ("/decisions?customer_id=a&customer_id=b", "customer_id", "is given more than"),
        ("/decisions?customer_id=a&limt=5", "limt", "is unknown"),
        (
            "/decisions?customer_id=a&limit=101",
            "limit",
            "must be a whole number <= 100",
        ),
        ("/decisions?customer_id=a&limit=x", "limit", "must be a whole number, got"),
        ("/reviews?customer_id=a", "customer_id", "is unknown"),
        ("/reviews?limit=1&limit=2", "limit", "is given more than once"),
        ("/reviews?limit=0", "limit", "must be a whole number >= 1"),
    ],
)
def test_a_query_that_cannot_be_is_told(
    client: Client, path: str, field: str, message: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    (error,) = problem["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message)
    assert problem["detail"] == f"{field} {error['message']}"


@pytest.mark.parametrize("path", ["/decisions?customer_id=a&limit=100", "/reviews?"])
def test_what_is_known_and_given_once_is_taken(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_missing_parameter_is_named(client: Client) -> None:
    answer = client.get("/decisions?limit=5")
    assert answer.status_code == 400
    assert "customer_id" in answer.json()["detail"]
