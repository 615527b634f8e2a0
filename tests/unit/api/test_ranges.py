"""Values that no customer can have are refused by name; the ends are possible."""

import math
from typing import Any

import pytest

from api.ranges import RANGE_OF_UNIT
from tests.unit.api.conftest import Client
from tests.unit.release.example_warehouse import CATEGORICAL, CONTRACT, FEATURES

NUMERIC = [row for row in CONTRACT if row["kind"] == "numeric"]
SHARES = [row["name"] for row in NUMERIC if row["unit"].startswith("share of ")]
NEVER_NEGATIVE = [row["name"] for row in NUMERIC if row["name"] != "net_amount"]
JUST_ABOVE_ONE = math.nextafter(1.0, 2.0)


def answer_with(client: Client, name: str, value: float) -> Any:  # noqa: ANN401
    return client.post("/predict", json=dict.fromkeys(FEATURES) | {name: value})


def test_every_unit_of_the_contract_says_what_is_possible() -> None:
    assert {row["unit"] for row in NUMERIC} == set(RANGE_OF_UNIT)
    assert len(SHARES) == 8
    assert len(NUMERIC) == len(FEATURES) - len(CATEGORICAL)


@pytest.mark.parametrize("name", NEVER_NEGATIVE)
@pytest.mark.parametrize("value", [-1, -1e-9, -1e300])
def test_below_zero(client: Client, name: str, value: float) -> None:
    answer = answer_with(client, name, value)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    expected = "between 0 and 1" if name in SHARES else "at least 0"
    assert error == {"field": name, "message": f"must be {expected}, got {value}"}


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [JUST_ABOVE_ONE, 100])
def test_more_than_all(client: Client, name: str, value: float) -> None:
    answer = answer_with(client, name, value)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["message"] == f"must be between 0 and 1, got {value}"


@pytest.mark.parametrize("value", [0, -0.0, 1])
def test_the_ends_are_possible(client: Client, value: float) -> None:
    values = {name: "channel_1" if name in CATEGORICAL else value for name in FEATURES}
    assert client.post("/predict", json=values).status_code == 200


@pytest.mark.parametrize("value", [-1e300, -1, 1e300])
def test_a_balance_may_be_anything(client: Client, value: float) -> None:
    assert answer_with(client, "net_amount", value).status_code == 200
