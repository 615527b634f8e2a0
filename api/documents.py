"""The JSON files of a release as typed documents."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

GradeAction = Literal["approve", "refer", "decline"]


class FileEntry(Struct, frozen=True):
    """Size and digest of one file of a release."""

    sha256: str
    bytes: int


class Manifest(Struct, frozen=True):
    """What the API needs of ``manifest.json``."""

    release_id: str
    model_name: str
    model_version: str
    snapshot_date: str
    data: Literal["raw", "simulated"]
    label_source: str
    duckdb_version: str
    agreement_with_inactivity: float | None
    files: dict[str, FileEntry]

    def __post_init__(self) -> None:
        """Refuse what is no date: every decision counts the days since."""
        try:
            found = date.fromisoformat(self.snapshot_date).isoformat()
        except ValueError:
            found = ""
        if found != self.snapshot_date:
            message = f"snapshot_date is '{self.snapshot_date}', no date as 2019-02-14"
            raise ValueError(message)


class FormatVersion(Struct, frozen=True):
    """The one field that every format of a manifest has."""

    format: int


class ModelRow(Struct, frozen=True):
    """What the API needs of ``model.scorecard``."""

    model_version: str
    target_name: str
    label_source: str
    score_factor: float
    score_offset: float
    cutoff_score: float
    score_shown_min: int
    score_shown_max: int
    reasons_at_most: Annotated[int, Meta(ge=1, le=4)]


class FeatureRow(Struct, frozen=True):
    """One feature of the contract and its place in the scorecard."""

    position: int
    name: str
    kind: Literal["numeric", "categorical"]
    unit: str
    formula: str
    reason_code: str
    customer_wording: str
    in_card: bool
    reference_points: float | None


class BinRow(Struct, frozen=True):
    """One bin of one feature: ``[lower, upper)`` or a list of categories."""

    feature: str
    bin_index: int
    bin_kind: Literal["missing", "range", "category", "other"]
    lower: float | None
    upper: float | None
    categories: list[str] | None
    points: float


class GradeRow(Struct, frozen=True):
    """One grade: scores in ``[lower, upper)`` and the action that follows."""

    grade: str
    lower: float | None
    upper: float | None
    action: GradeAction


class PolicyReasonRow(Struct, frozen=True):
    """A rule that decides instead of the score; without a limit it is off.

    A customer without a score needs no limit.
    """

    reason_code: str
    status: str
    customer_wording: str
    limit_value: float | None = None


class ScorecardDocument(Struct, frozen=True):
    """``scorecard.json``."""

    format: int
    model: ModelRow
    features: list[FeatureRow]
    points: list[BinRow]
    rating_scale: list[GradeRow]
    categories: dict[str, list[str]]
    policy_reasons: list[PolicyReasonRow]
    wording_version: str
