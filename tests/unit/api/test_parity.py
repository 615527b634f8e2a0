"""The API scores as the tables of the warehouse say, to 1e-9.

The other form here shares no code with the API: it reads the warehouse, not
the release, finds bins by comparing every bound, and sums exactly.
"""

import math
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.api.conftest import Client
from tests.unit.release.example_warehouse import FEATURES, SCALE

TOLERANCE = 1e-9
Row = dict[str, Any]


@pytest.fixture(scope="module")
def tables(published: Path) -> dict[str, list[Row]]:
    """Read the model and the features of the score snapshot."""
    queries = {
        "points": "from model.scorecard_points",
        "card": "from model.scorecard_features",
        "model": "from model.scorecard",
        "customers": "from marts.fct_customer_features where split = 'score'",
    }
    result = {}
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as opened:
        for name, sql in queries.items():
            cursor = opened.execute(sql)
            columns = [column[0] for column in cursor.description or ()]
            result[name] = [
                dict(zip(columns, row, strict=True)) for row in cursor.fetchall()
            ]
    return result


def holds(bin_row: Row, bins: list[Row], value: Any) -> bool:  # noqa: ANN401
    """Whether a bin holds a value."""
    if bin_row["bin_kind"] == "missing":
        return value is None
    if value is None:
        return False
    if bin_row["bin_kind"] == "range":
        above = bin_row["lower"] is None or bin_row["lower"] <= value
        return above and (bin_row["upper"] is None or value < bin_row["upper"])
    listed = [row for row in bins if value in (row["categories"] or [])]
    return bin_row in listed or (bin_row["bin_kind"] == "other" and not listed)


def expected_answer(tables: dict[str, list[Row]], customer: Row) -> Row:
    """Score a customer from the tables."""
    points = {}
    losses: dict[str, list[float]] = {}
    for card in tables["card"]:
        name = card["feature"]
        bins = [row for row in tables["points"] if row["feature"] == name]
        found = [row for row in bins if holds(row, bins, customer[name])]
        assert len(found) == 1, "bins partition the values"
        points[name] = found[0]["points"]
        loss = card["reference_points"] - points[name]
        losses.setdefault(card["reason_code"], []).append(loss)
    score = math.fsum(points.values())
    model = tables["model"][0]
    odds = math.exp((score - model["score_offset"]) / model["score_factor"])
    grade, action = next(
        (grade, action)
        for grade, lower, upper, action, _ in SCALE
        if (lower is None or lower <= score) and (upper is None or score < upper)
    )
    summed = {code: math.fsum(parts) for code, parts in losses.items()}
    ranked = sorted(summed, key=lambda code: (-round(summed[code], 9), code))
    return {
        "score": score,
        "score_shown": min(max(math.floor(score + 0.5), 300), 850),
        "proxy_probability": 1 / (1 + odds),
        "grade": grade,
        "action": action,
        "reasons": [(code, summed[code]) for code in ranked if summed[code] > 1e-9][:4],
        "is_high_risk": score < model["cutoff_score"],
    }


def assert_same(answer: Row, expected: Row) -> None:
    for name in ("score_shown", "grade", "action"):
        assert answer[name] == expected[name]
    assert answer["score"] == pytest.approx(expected["score"], abs=TOLERANCE, rel=0)
    reasons = [(reason["code"], reason["loss"]) for reason in answer["reasons"]]
    assert [code for code, _ in reasons] == [code for code, _ in expected["reasons"]]
    for (_, loss), (_, other) in zip(reasons, expected["reasons"], strict=True):
        assert loss == pytest.approx(other, abs=TOLERANCE, rel=0)
        assert loss == round(loss, 9)


def test_every_customer_scores_the_same_by_id_and_by_features(
    client: Client, tables: dict[str, list[Row]]
) -> None:
    seen = set()
    for customer in tables["customers"]:
        expected = expected_answer(tables, customer)
        by_id = client.get(f"/customers/{customer['customer_id']}/score").json()
        assert_same(by_id, expected)
        assert by_id["proxy_probability"] == pytest.approx(
            expected["proxy_probability"], abs=TOLERANCE, rel=0
        )
        features = {name: customer[name] for name in FEATURES}
        given = client.post("/predict", json={"features": features}).json()
        assert_same(given, expected)
        assert given["score"] == by_id["score"]
        assert given["probability"] == by_id["proxy_probability"]
        assert given["prediction"] == int(expected["is_high_risk"])
        assert given["risk_level"] == ("high" if expected["is_high_risk"] else "low")
        seen.add((expected["grade"], given["prediction"]))
    assert len(tables["customers"]) == 300
    assert seen == {("A", 0), ("B", 0), ("C", 1), ("D", 1)}


def test_the_customers_hold_the_hard_cases(tables: dict[str, list[Row]]) -> None:
    bounds = {row["lower"] for row in tables["points"]} - {None}
    values = [customer["recency_days"] for customer in tables["customers"]]
    assert bounds & set(values), "values exactly on an edge"
    assert None in values
    listed = {c for row in tables["points"] for c in row["categories"] or []}
    channels = {customer["main_channel"] for customer in tables["customers"]}
    assert channels - listed - {None}, "categories of no bin"


@pytest.mark.parametrize("channel", ["channel_unheard_of", "", "Kanäle 😀", None])
def test_a_category_that_nobody_had_is_other(
    client: Client, tables: dict[str, list[Row]], channel: str | None
) -> None:
    customer = tables["customers"][0] | {"main_channel": channel}
    values = [customer[name] for name in FEATURES]
    answer = client.post("/predict", json={"features": values}).json()
    assert_same(answer, expected_answer(tables, customer))


@pytest.mark.parametrize("neighbour", [-math.inf, None, math.inf])
@pytest.mark.parametrize("edge", [3.5, 0.1 + 14.2])
def test_an_edge_belongs_to_the_upper_bin(
    client: Client, tables: dict[str, list[Row]], edge: float, neighbour: float | None
) -> None:
    value = edge if neighbour is None else math.nextafter(edge, neighbour)
    customer = tables["customers"][0] | {"recency_days": value}
    values = [customer[name] for name in FEATURES]
    answer = client.post("/predict", json=values).json()
    assert_same(answer, expected_answer(tables, customer))
