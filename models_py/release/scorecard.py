"""The scorecard of a release as one JSON document."""

import hashlib
import json
from typing import Any

from release.errors import ReleaseError
from release.layout import RELEASE_FORMAT
from release.warehouse import Row, Warehouse


def read_scorecard(
    warehouse: Warehouse, model_version: str, categories: dict[str, list[str]]
) -> dict[str, Any]:
    """Collect all that turns 26 feature values into a score with its reasons.

    Parameters
    ----------
    warehouse
        Open warehouse.
    model_version
        Which scorecard.
    categories
        Per categorical feature its values in the order of their codes.

    Returns
    -------
    dict
        The document ``scorecard.json``.

    Raises
    ------
    ReleaseError
        If the warehouse does not hold that scorecard.
    """
    model = warehouse.row(
        "select * from warehouse.model.scorecard where model_version = ?",
        model_version,
    )
    if model is None:
        message = (
            f"{warehouse.path}: model.scorecard has no model_version {model_version}, "
            "which the registry names; run python -m training on this warehouse"
        )
        raise ReleaseError(message)
    features = _features(warehouse, model_version)
    policy_reasons = warehouse.rows(
        """
        select reason_code, status, customer_wording, limit_value
        from warehouse.seeds.policy_reasons
        order by reason_code
        """
    )
    return {
        "format": RELEASE_FORMAT,
        "model": model,
        "features": features,
        "points": _points(warehouse, model_version),
        "rating_scale": _rating_scale(warehouse, model_version),
        "categories": categories,
        "policy_reasons": policy_reasons,
        "wording_version": wording_version(features + policy_reasons),
    }


def wording_version(reasons: list[Row]) -> str:
    """Name a set of reason wordings: 12 hex digits of its SHA-256.

    Examples
    --------
    >>> wording_version([{"reason_code": "R01", "customer_wording": "Recent use"}])
    'd7454c1147fc'
    """
    wording = {row["reason_code"]: row["customer_wording"] for row in reasons}
    return hashlib.sha256(canonical_json(wording)).hexdigest()[:12]


def canonical_json(document: object) -> bytes:
    """Write a document as JSON: same content, same bytes; doubles round-trip.

    Raises
    ------
    ReleaseError
        If a number in it is not finite.

    Examples
    --------
    >>> canonical_json({"b": 0.1, "a": None})
    b'{"a":null,"b":0.1}'
    """
    try:
        text = json.dumps(
            document,
            allow_nan=False,
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
    except ValueError as error:
        message = "the scorecard holds a number that is not finite; train again"
        raise ReleaseError(message) from error
    return text.encode("utf-8")


def _features(warehouse: Warehouse, model_version: str) -> list[Row]:
    return warehouse.rows(
        """
        select
            contract.position,
            contract.name,
            contract.kind,
            contract.unit,
            contract.formula,
            contract.reason_code,
            contract.customer_wording,
            card.feature is not null as in_card,
            card.reference_points
        from warehouse.seeds.feature_contract as contract
        left join warehouse.model.scorecard_features as card
            on
                contract.name = card.feature
                and card.model_version = ?
        order by contract.position
        """,
        model_version,
    )


def _points(warehouse: Warehouse, model_version: str) -> list[Row]:
    return warehouse.rows(
        """
        select points.* exclude (model_version)
        from warehouse.model.scorecard_points as points
        inner join warehouse.seeds.feature_contract as contract
            on points.feature = contract.name
        where points.model_version = ?
        order by contract.position, points.bin_index
        """,
        model_version,
    )


def _rating_scale(warehouse: Warehouse, model_version: str) -> list[Row]:
    return warehouse.rows(
        """
        select * exclude (model_version)
        from warehouse.model.rating_scale
        where model_version = ?
        order by position
        """,
        model_version,
    )
