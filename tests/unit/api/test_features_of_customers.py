"""The features of a customer are the very ones that are scored."""

from urllib.parse import quote

import pytest

from tests.unit.api.conftest import Client
from tests.unit.release.example_warehouse import (
    FEATURES,
    NOT_SCORED,
    example_customers,
)


@pytest.mark.parametrize("number", [0, 7, 299])
def test_features_are_those_of_the_warehouse(client: Client, number: int) -> None:
    expected = example_customers()[number]
    answer = client.get(f"/customers/CustomerId_{number}/features").json()
    assert answer["status"] == "scored"
    assert [*answer["features"]] == FEATURES
    assert {"customer_id": answer["customer_id"], **answer["features"]} == expected


def test_predict_of_them_is_the_score(client: Client) -> None:
    answer = client.get("/customers/CustomerId_3/features").json()
    predicted = client.post("/predict", json={"features": answer["features"]}).json()
    score = client.get("/customers/CustomerId_3/score").json()
    for name in ("score", "grade", "reasons", "release_id"):
        assert predicted[name] == score[name]


@pytest.mark.parametrize("customer_id", NOT_SCORED)
def test_a_customer_without_features_has_a_reason(
    client: Client, customer_id: str
) -> None:
    path = f"/customers/{quote(customer_id, safe='')}/features"
    answer = client.get(path).json()
    assert answer["customer_id"] == customer_id
    assert (answer["status"], answer["features"]) == ("not_scored", None)
    assert answer["not_scored_reason"] == "no_recent_transactions"


def test_an_unknown_customer_is_a_404(client: Client) -> None:
    assert client.get("/customers/nobody/features").status_code == 404
