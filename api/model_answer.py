"""Puts the scorecard of a release into the words of the API."""

from api.documents import BinRow, FeatureRow, Manifest, ScorecardDocument
from api.schemas.model import Bin, Model, ModelFeature, ScaleGrade
from api.schemas.scores import Stamp


def model_answer(
    manifest: Manifest, document: ScorecardDocument, stamp: Stamp
) -> Model:
    """Describe the model of a release: contract, card and rating scale."""
    card = document.model
    return Model(
        model_name=manifest.model_name,
        snapshot_date=manifest.snapshot_date,
        label_source=card.label_source,
        agreement_with_inactivity=manifest.agreement_with_inactivity,
        score_offset=card.score_offset,
        score_factor=card.score_factor,
        score_shown_min=card.score_shown_min,
        score_shown_max=card.score_shown_max,
        cutoff_score=card.cutoff_score,
        reasons_at_most=card.reasons_at_most,
        features=[_feature(row, document.points) for row in document.features],
        rating_scale=[
            ScaleGrade(row.grade, row.lower, row.upper, row.action)
            for row in document.rating_scale
        ],
        **stamp,
    )


def _feature(row: FeatureRow, points: list[BinRow]) -> ModelFeature:
    return ModelFeature(
        position=row.position,
        name=row.name,
        kind=row.kind,
        unit=row.unit,
        formula=row.formula,
        in_card=row.in_card,
        reference_points=row.reference_points,
        reason_code=row.reason_code,
        customer_wording=row.customer_wording,
        bins=[
            Bin(bin_.bin_kind, bin_.lower, bin_.upper, bin_.categories, bin_.points)
            for bin_ in points
            if bin_.feature == row.name
        ],
    )
