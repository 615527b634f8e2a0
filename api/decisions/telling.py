"""Puts records into the words of the API."""

from collections.abc import Sequence

from api.decisions.records import DecisionRecord, ReviewRecord
from api.schemas.decisions import Decision
from api.schemas.fields import CurrentOutcome


def outcome(record: DecisionRecord, reviews: Sequence[ReviewRecord]) -> CurrentOutcome:
    """Return what holds now: the latest review, or what was decided."""
    return reviews[-1].outcome if reviews else record.action


def told(record: DecisionRecord, outcome: CurrentOutcome) -> Decision:
    """Leave out what only those read who may see the whole record."""
    return Decision(
        decision_id=record.decision_id,
        decided_at=record.recorded_at,
        customer_id=record.customer_id,
        amount=record.amount,
        action=record.action,
        outcome=outcome,
        reasons=record.reasons,
        reason_reference=record.reason_reference,
        wording_version=record.wording_version,
        status=record.status,
        not_scored_reason=record.not_scored_reason,
        score=record.score,
        score_shown=record.score_shown,
        proxy_probability=record.proxy_probability,
        grade=record.grade,
        snapshot_date=record.snapshot_date,
        target=record.target,
        data=record.data,
        model_version=record.model_version,
        release_id=record.release_id,
        disclaimer=record.disclaimer,
    )
