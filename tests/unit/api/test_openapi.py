"""The documentation: complete, and nothing in it comes from outside."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs  # comes with schemathesis
import pytest

from tests.unit.api.conftest import Client
from tests.unit.release.example_warehouse import CATEGORICAL, CONTRACT, FEATURES

# Written by api/access/documented.py, after the table of permissions.
OF_ACCESS = {"401", "403", "429"}
README = Path(__file__).resolve().parents[3] / "README.md"
OUTSIDE = re.compile(r"(?:https?:)?//[\w.-]+", re.IGNORECASE)


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    """Read the OpenAPI document."""
    answer = client.get("/docs/openapi.json")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    found = operations(document)
    assert {key: operation["operationId"] for key, operation in found.items()} == {
        "get /health": "get_health",
        "get /metrics": "get_metrics",
        "get /ready": "get_ready",
        "head /health": "head_health",
        "head /ready": "head_ready",
        "get /customers/{customer_id}/score": "get_customer_score",
        "get /customers/{customer_id}/features": "get_customer_features",
        "post /scores": "score_customers",
        "post /predict": "predict",
        "post /decisions": "create_decision",
        "get /decisions": "list_decisions",
        "get /decisions/{decision_id}": "get_decision",
        "post /decisions/{decision_id}/replay": "replay_decision",
        "post /decisions/{decision_id}/review": "review_decision",
        "get /reviews": "list_reviews",
        "get /model": "get_model",
    }
    known_tags = {tag["name"] for tag in document["tags"]}
    for operation in found.values():
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= known_tags
        for parameter in operation.get("parameters", []):
            assert parameter["description"]
            assert parameter["examples"]


def test_errors_are_documented_as_problem_details(document: dict[str, Any]) -> None:
    statuses = {}
    for key, operation in operations(document).items():
        errors = {k: v for k, v in operation["responses"].items() if k >= "400"}
        statuses[key] = sorted(errors.keys() - OF_ACCESS)
        for status, response in errors.items():
            if key.startswith("head "):
                assert "content" not in response
                continue
            (media_type, content), *others = response["content"].items()
            assert (media_type, others) == ("application/problem+json", [])
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            (example,) = content["examples"].values()
            assert example["value"]["status"] == int(status)
    assert statuses == {
        "get /health": [],
        "get /metrics": ["503"],
        "get /ready": ["503"],
        "head /health": [],
        "head /ready": ["503"],
        "get /customers/{customer_id}/score": ["400", "404", "503"],
        "get /customers/{customer_id}/features": ["400", "404", "503"],
        "post /scores": ["400", "413", "415", "422", "503"],
        "get /model": ["503"],
        "post /predict": ["400", "413", "415", "422", "503"],
        "post /decisions": ["400", "404", "409", "413", "415", "422", "500", "503"],
        "get /decisions": ["400", "404", "503"],
        "get /decisions/{decision_id}": ["400", "404", "500", "503"],
        "post /decisions/{decision_id}/replay": ["400", "404", "500", "503"],
        "post /decisions/{decision_id}/review": [
            "400",
            "404",
            "413",
            "415",
            "422",
            "500",
            "503",
        ],
        "get /reviews": ["400", "404", "503"],
    }


def test_every_field_has_a_description_and_an_example(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name == "PredictRequest":
            continue
        for field, described in schema["properties"].items():
            if field == "kind":  # which record it is: written by msgspec
                continue
            assert described["description"], f"{name}.{field}"
            assert "examples" in described, f"{name}.{field}"


def examples_of(node: Any) -> Iterator[tuple[dict[str, Any], Any]]:  # noqa: ANN401
    """Give every example with its schema: those of fields, and those of media."""
    if isinstance(node, list):
        for item in node:
            yield from examples_of(item)
    if not isinstance(node, dict):
        return
    examples = node.get("examples", [])
    if isinstance(examples, dict) and "schema" in node:
        yield from ((node["schema"], one["value"]) for one in examples.values())
    elif isinstance(examples, list):
        yield from ((node, example) for example in examples)
    for name, inner in node.items():
        if name != "examples":
            yield from examples_of(inner)


def test_every_example_is_one_of_its_schema(document: dict[str, Any]) -> None:
    checked = 0
    for schema, example in examples_of(document):
        whole = {**schema, "components": document["components"]}
        found = jsonschema_rs.validator_for(whole).iter_errors(example)
        assert [error.message for error in found] == [], (schema, example)
        checked += 1
    assert checked > 200


def test_features_are_described_by_the_contract(document: dict[str, Any]) -> None:
    request = document["components"]["schemas"]["PredictRequest"]
    by_name, in_order = request["properties"]["features"]["oneOf"]
    assert by_name["required"] == FEATURES
    assert by_name["additionalProperties"] is False
    assert (in_order["minItems"], in_order["maxItems"]) == (26, 26)
    assert in_order["prefixItems"] == list(by_name["properties"].values())
    for row in CONTRACT:
        described = by_name["properties"][row["name"]]
        kind = "string" if row["name"] in CATEGORICAL else "number"
        assert described["type"] == [kind, "null"]
        assert row["formula"] in described["description"]
    shares = by_name["properties"]["night_share"]
    assert (shares["minimum"], shares["maximum"]) == (0, 1)
    assert by_name["properties"]["recency_days"]["minimum"] == 0
    assert "minimum" not in by_name["properties"]["net_amount"]


def test_the_example_of_a_prediction_works(
    client: Client, document: dict[str, Any]
) -> None:
    example = document["components"]["schemas"]["PredictRequest"]["examples"][0]
    assert client.post("/predict", json=example).status_code == 200


def test_the_bare_address_leads_to_the_documentation(client: Client) -> None:
    answer = client.get("/", follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["location"] == "/docs"


def test_the_document_exists_without_a_release(client_without_release: Client) -> None:
    document = client_without_release.get("/docs/openapi.json").json()
    assert "PredictRequest" in document["components"]["schemas"]


def test_nothing_refers_to_an_outside_host(client: Client) -> None:
    page = client.get("/docs").text
    assert OUTSIDE.findall(page) == []
    assert OUTSIDE.findall(client.get("/docs/openapi.json").text) == []
    loaded = re.findall(r'(?:src|href|url)\s*[=:]\s*"([^"]+)"', page)
    assert len(loaded) == 4
    for path in loaded:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if path.endswith(".css"):
            fetched = re.findall(r"url\((?!\"?data:)[^)]*|@import", answer.text)
            assert fetched == []


def test_the_local_page_understands_this_version_of_openapi(
    client: Client, document: dict[str, Any]
) -> None:
    assert document["openapi"].startswith("3.1.")
    script = client.get("/docs/assets/swagger-ui-bundle.js").text
    version = re.search(r'PACKAGE_VERSION:"(\d+)\.', script)
    assert version is not None
    # Swagger UI reads OpenAPI 3.1 from version 5 on.
    assert int(version[1]) >= 5


@pytest.mark.parametrize("name", ["index.html", "..%2f__init__.py", "nothing"])
def test_no_other_file_is_served(client: Client, name: str) -> None:
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_the_readme_names_every_operation(document: dict[str, Any]) -> None:
    text = README.read_text(encoding="utf-8")
    for named in operations(document):
        method, path = named.split(" ")
        assert re.search(rf"`{method.upper()} {re.escape(path)}[`?]", text), named
