"""The tables that are the model, as rows; their version is their hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSION_DIGITS = 12

Row = Mapping[str, Any]


def canonical_hash(content: object) -> str:
    """SHA-256 of the canonical JSON of `content`; doubles keep all their digits.

    Examples
    --------
    >>> canonical_hash({"b": 1, "a": [0.1, None]}) == canonical_hash(
    ...     {"a": [0.1, None], "b": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ModelTables:
    """Rows of model.scorecard, scorecard_features, scorecard_points, rating_scale.

    The rows carry every column but model_version, which is the first 12 hex digits
    of the SHA-256 of their canonical JSON. Features are ordered by position, points
    by position of the feature and bin_index, grades by position.
    """

    scorecard: Row
    features: Sequence[Row]
    points: Sequence[Row]
    rating_scale: Sequence[Row]

    def content(self) -> dict[str, Any]:
        """Plain rows by table name."""
        return {
            "scorecard": dict(self.scorecard),
            "scorecard_features": [dict(row) for row in self.features],
            "scorecard_points": [dict(row) for row in self.points],
            "rating_scale": [dict(row) for row in self.rating_scale],
        }

    @property
    def model_version(self) -> str:
        """12 hex digits of the SHA-256 of the content."""
        return canonical_hash(self.content())[:VERSION_DIGITS]

    def to_json(self) -> str:
        """Write the content and its version as JSON; doubles round-trip exactly."""
        content = {"model_version": self.model_version, **self.content()}
        return json.dumps(content, indent=1, allow_nan=False)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "ModelTables":
        """Rebuild from `content()` or parsed `to_json()`."""
        return cls(
            scorecard=content["scorecard"],
            features=content["scorecard_features"],
            points=content["scorecard_points"],
            rating_scale=content["rating_scale"],
        )
