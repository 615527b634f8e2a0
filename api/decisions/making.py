"""Makes a decision from a release: no clock, no disk, so it can be made again."""

from dataclasses import dataclass
from typing import Any

from api.decisions.records import DecisionRecord
from api.documents import PolicyReasonRow
from api.lookups import CustomerRow
from api.reasons import why_not_scored, worded
from api.release_store import Release
from api.schemas.fields import ReasonReference
from api.schemas.scores import Reason
from api.scorer import ReasonLoss, Score


@dataclass(frozen=True, slots=True)
class Case:
    """What a decision depends on, apart from the release and what it knows.

    Attributes
    ----------
    decision_id
        Id of the decision.
    actor
        Name of the one who asks.
    customer_id, amount
        What is asked for.
    idempotency_key_hash
        Hash of the caller's key, if there is one.
    snapshot_age_days
        Days from the snapshot to the decision.
    """

    decision_id: str
    actor: str
    customer_id: str
    amount: float | None
    idempotency_key_hash: str | None
    snapshot_age_days: int


def decide(release: Release, row: CustomerRow, case: Case) -> DecisionRecord:
    """Decide about a customer whom the release knows.

    The same release, row and case give the same record: replay stands on that.

    Returns
    -------
    DecisionRecord
        Complete but for its place in a chain.
    """
    if row.vector is None:
        found = _of_no_score(release, row)
    else:
        found = _of_score(release, row.vector, case.snapshot_age_days)
    return DecisionRecord(
        actor=case.actor,
        decision_id=case.decision_id,
        customer_id=case.customer_id,
        amount=case.amount,
        idempotency_key_hash=case.idempotency_key_hash,
        manifest_hash=release.manifest_hash,
        snapshot_date=release.manifest.snapshot_date,
        snapshot_age_days=case.snapshot_age_days,
        **release.stamp,
        **found,
    )


def _of_no_score(release: Release, row: CustomerRow) -> dict[str, Any]:
    return {
        "status": "not_scored",
        "not_scored_reason": row.not_scored_reason,
        "features": None,
        "points": None,
        "score": None,
        "score_shown": None,
        "proxy_probability": None,
        "grade": None,
        "action": "refer",
        "reasons": why_not_scored(release, row),
        "reason_reference": "policy",
    }


def _of_score(
    release: Release, vector: list[float | None], snapshot_age_days: int
) -> dict[str, Any]:
    scorecard = release.scorecard
    values = scorecard.unpack(vector)
    score = scorecard.score(values)
    rules = scorecard.policy.referrals(values, snapshot_age_days)
    return {
        "status": "scored",
        "not_scored_reason": None,
        "features": dict(zip(scorecard.feature_names, values, strict=True)),
        "points": dict(zip(scorecard.card_features, score.points, strict=True)),
        "score": score.score,
        "score_shown": score.score_shown,
        "proxy_probability": score.proxy_probability,
        "grade": score.grade,
        "action": "refer" if rules else score.action,
        **_explained(release, score, rules),
    }


def _explained(
    release: Release, score: Score, rules: list[PolicyReasonRow]
) -> dict[str, Any]:
    of_rules = [Reason(row.reason_code, row.customer_wording, None) for row in rules]
    losses: tuple[ReasonLoss, ...] = score.reasons
    reference: ReasonReference = score.reason_reference
    if rules and score.action == "approve":
        # The score spoke for the customer: its losses are no reasons to refer.
        losses, reference = (), "policy"
    of_score = worded(release, losses)
    return {
        "reasons": [*of_rules, *of_score][: release.scorecard.reasons_at_most],
        "reason_reference": reference,
    }
