"""Puts what a release knows into the words of the API."""

from api.body import read_json
from api.errors import UnknownCustomerError
from api.features import read_features
from api.observability.metrics import SCORES
from api.release_store import Release, ReleaseStore
from api.schemas.health import Health, Ready
from api.schemas.scores import CustomerScore, Prediction, Reason
from api.scorer import Score


async def customer_score(release: Release, customer_id: str) -> CustomerScore:
    """Score a known customer from the features frozen in the release.

    Raises
    ------
    UnknownCustomerError
        If the release knows no such customer.
    """
    row = await release.find(customer_id)
    if row is None:
        message = "The release knows no customer with this id."
        raise UnknownCustomerError(message)
    if row.vector is None:
        return _not_scored(release, customer_id, row.not_scored_reason)
    result = release.scorecard.score(release.scorecard.unpack(row.vector))
    SCORES[result.action] += 1
    return CustomerScore(
        customer_id=customer_id,
        status="scored",
        not_scored_reason=None,
        score=result.score,
        score_shown=result.score_shown,
        proxy_probability=result.proxy_probability,
        grade=result.grade,
        action=result.action,
        reasons=_worded(release, result),
        snapshot_date=release.manifest.snapshot_date,
        **release.stamp,
    )


def prediction(release: Release, body: bytes) -> Prediction:
    """Score the feature values in a request body.

    Raises
    ------
    MalformedBodyError, InvalidBodyError
        If the body does not hold exactly the features of the contract.
    """
    values = read_features(read_json(body), release.scorecard.contract)
    result = release.scorecard.score(values)
    SCORES[result.action] += 1
    return Prediction(
        prediction=int(result.is_high_risk),
        probability=result.proxy_probability,
        risk_level="high" if result.is_high_risk else "low",
        score=result.score,
        score_shown=result.score_shown,
        grade=result.grade,
        action=result.action,
        reasons=_worded(release, result),
        **release.stamp,
    )


def health(store: ReleaseStore) -> Health:
    """Say what is served, and what keeps the current release from being served."""
    manifest = store.loaded.manifest if store.loaded else None
    return Health(
        status="degraded" if store.problem else "ok",
        model_loaded=manifest is not None,
        model_name=manifest.model_name if manifest else None,
        model_version=manifest.model_version if manifest else None,
        release_id=manifest.release_id if manifest else None,
        snapshot_date=manifest.snapshot_date if manifest else None,
        data=manifest.data if manifest else None,
        problem=store.problem,
    )


def ready(store: ReleaseStore) -> Ready:
    """Say which release is ready.

    Raises
    ------
    NoReleaseError
        If there is none.
    """
    return Ready(status="ready", release_id=store.current().manifest.release_id)


def _not_scored(
    release: Release, customer_id: str, not_scored_reason: str | None
) -> CustomerScore:
    policy_reason = release.policy_reasons.get(not_scored_reason or "")
    return CustomerScore(
        customer_id=customer_id,
        status="not_scored",
        not_scored_reason=not_scored_reason,
        score=None,
        score_shown=None,
        proxy_probability=None,
        grade=None,
        action="refer",
        reasons=[policy_reason] if policy_reason else [],
        snapshot_date=release.manifest.snapshot_date,
        **release.stamp,
    )


def _worded(release: Release, result: Score) -> list[Reason]:
    return [
        Reason(reason.code, release.wording[reason.code], reason.loss)
        for reason in result.reasons
    ]
