"""The OpenAPI document, completed with the features of the served release."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import msgspec
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    OpenAPI,
    OpenAPIMediaType,
    Operation,
    Reference,
    RequestBody,
    Schema,
    Tag,
)
from litestar.openapi.spec.enums import OpenAPIType
from msgspec import Struct

from api.customer_ids import CUSTOMER_IDS, MOST_CUSTOMERS
from api.docs_page import DOCS_PATH, DocsPage
from api.documents import FeatureRow
from api.features import WRAPPER
from api.ranges import range_of
from api.schemas.fields import EXAMPLE_CUSTOMER

TITLE: Final = "Bati credit scoring"
DESCRIPTION: Final = (
    "Scores of eCommerce customers from a scorecard on their transactions. The "
    "target is a behavioural proxy, not a default: the worst automatic action is "
    "to refer to a person. Errors are RFC 9457 problem details."
)
TAGS: Final = [
    Tag(name="Scores", description="Scores with grade, action and reasons."),
    Tag(name="Decisions", description="Decisions, each a record that can be replayed."),
    Tag(name="Reviews", description="What people make of decisions."),
    Tag(name="Model", description="What scores: contract, points, rating scale."),
    Tag(name="Health", description="What this process serves."),
]
PREDICT_SCHEMA: Final = "PredictRequest"
REFERENCE: Final = "#/components/schemas/{name}"


def openapi_config() -> OpenAPIConfig:
    """Describe the API; the document lies beside the page that shows it."""
    return OpenAPIConfig(
        title=TITLE,
        version=version("bati-credit-scoring"),
        description=DESCRIPTION,
        tags=TAGS,
        path=DOCS_PATH,
        render_plugins=[DocsPage(), JsonRenderPlugin()],
    )


@dataclass
class PredictOperation(Operation):
    """An operation whose body depends on the feature contract of a release."""

    def __post_init__(self) -> None:
        """Refer to the schema that `describe_features` writes."""
        schema = Reference(ref=REFERENCE.format(name=PREDICT_SCHEMA))
        self.request_body = RequestBody(
            content={"application/json": OpenAPIMediaType(schema=schema)},
            description="Feature values by name, or all of them in contract order.",
            required=True,
        )


def body_of(struct: type[Struct], description: str) -> type[Operation]:
    """Give a kind of operation whose body is a struct, which its handler reads itself.

    `describe_bodies` writes the schema that it refers to.
    """

    @dataclass
    class BodyOperation(Operation):
        def __post_init__(self) -> None:
            schema = Reference(ref=REFERENCE.format(name=struct.__name__))
            self.request_body = RequestBody(
                content={"application/json": OpenAPIMediaType(schema=schema)},
                description=description,
                required=True,
            )

    return BodyOperation


def describe_bodies(document: OpenAPI, *structs: type[Struct]) -> None:
    """Write the schemas of request bodies into the document, in place."""
    schemas: dict[str, Any] = document.components.schemas
    _, described = msgspec.json.schema_components(structs, ref_template=REFERENCE)
    schemas.update(described)


@dataclass
class ScoresOperation(Operation):
    """An operation whose body holds the ids of many customers."""

    def __post_init__(self) -> None:
        """Describe the body, which the handler reads by itself."""
        ids = Schema(
            type=OpenAPIType.ARRAY,
            description="Customers as named in the transactions.",
            items=Schema(type=OpenAPIType.STRING),
            min_items=1,
            max_items=MOST_CUSTOMERS,
        )
        schema = Schema(
            title="ScoresRequest",
            type=OpenAPIType.OBJECT,
            properties={CUSTOMER_IDS: ids},
            required=[CUSTOMER_IDS],
            additional_properties=False,
            examples=[{CUSTOMER_IDS: [EXAMPLE_CUSTOMER, "nobody"]}],
        )
        self.request_body = RequestBody(
            content={"application/json": OpenAPIMediaType(schema=schema)},
            description="Whom to score.",
            required=True,
        )


def describe_features(
    document: OpenAPI, contract: Sequence[FeatureRow], categories: dict[str, list[str]]
) -> None:
    """Write the schema of a prediction request into the document.

    Parameters
    ----------
    document
        OpenAPI document of the application, changed in place.
    contract
        The features in order; empty without a release.
    categories
        Known values by categorical feature, for the examples.
    """
    example = {
        row.name: 1.0 if row.kind == "numeric" else next(iter(categories[row.name]), "")
        for row in contract
    }
    by_name = Schema(
        title="By name",
        type=OpenAPIType.OBJECT,
        description="Every feature of the contract; null is a missing value.",
        properties={row.name: _feature_schema(row) for row in contract} or None,
        required=[row.name for row in contract] or None,
        additional_properties=not contract,
    )
    in_order = Schema(
        title="In contract order",
        type=OpenAPIType.ARRAY,
        description="One value per feature; null is a missing value.",
        prefix_items=[_feature_schema(row) for row in contract] or None,
        min_items=len(contract) or None,
        max_items=len(contract) or None,
    )
    values = Schema(one_of=[by_name, in_order])
    schemas: dict[str, Any] = document.components.schemas
    schemas[PREDICT_SCHEMA] = Schema(
        title=PREDICT_SCHEMA,
        type=OpenAPIType.OBJECT,
        description="The bare object or list, without this wrapper, is read too.",
        properties={WRAPPER: values},
        required=[WRAPPER],
        additional_properties=False,
        examples=[{WRAPPER: example}],
    )


def _feature_schema(row: FeatureRow) -> Schema:
    if row.kind != "numeric":
        return Schema(
            title=row.name,
            type=[OpenAPIType.STRING, OpenAPIType.NULL],
            description=f"{row.formula}.",
        )
    possible = range_of(row)
    return Schema(
        title=row.name,
        type=[OpenAPIType.NUMBER, OpenAPIType.NULL],
        description=f"{row.formula}. Unit: {row.unit}.",
        minimum=possible.lowest,
        maximum=possible.highest,
    )
