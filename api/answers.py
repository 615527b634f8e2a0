"""Puts what a release knows into the words of the API."""

from api.body import read_json
from api.customer_ids import read_customer_ids
from api.decisions.recording import Recording
from api.errors import UnknownCustomerError
from api.features import read_features
from api.lookups import CustomerRow
from api.observability.metrics import SCORES
from api.reasons import why_not_scored, worded
from api.release_store import Release, ReleaseStore
from api.schemas.batch import ScoreOfMany, Scores
from api.schemas.features import CustomerFeatures
from api.schemas.health import Health, Ready
from api.schemas.scores import CustomerScore, Prediction


async def customer_score(release: Release, customer_id: str) -> CustomerScore:
    """Score a known customer from the features frozen in the release.

    Raises
    ------
    UnknownCustomerError
        If the release knows no such customer.
    """
    row = await _known(release, customer_id)
    if row.vector is None:
        return _not_scored(release, customer_id, row)
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
        reasons=worded(release, result.reasons),
        reason_reference=result.reason_reference,
        snapshot_date=release.manifest.snapshot_date,
        **release.stamp,
    )


async def customer_features(release: Release, customer_id: str) -> CustomerFeatures:
    """Tell the features of a known customer that are frozen in the release.

    Raises
    ------
    UnknownCustomerError
        If the release knows no such customer.
    """
    row = await _known(release, customer_id)
    card = release.scorecard
    features = None
    if row.vector is not None:
        names = [feature.name for feature in card.contract]
        features = dict(zip(names, card.unpack(row.vector), strict=True))
    return CustomerFeatures(
        customer_id=customer_id,
        status="not_scored" if features is None else "scored",
        not_scored_reason=row.not_scored_reason,
        features=features,
        snapshot_date=release.manifest.snapshot_date,
        data=release.manifest.data,
        model_version=release.manifest.model_version,
        release_id=release.manifest.release_id,
    )


async def scores_of_many(release: Release, body: bytes) -> Scores:
    """Score the customers whose ids a request body holds, in their order.

    Raises
    ------
    MalformedBodyError, InvalidBodyError
        If the body does not hold 1 to 10,000 ids.
    """
    customer_ids = read_customer_ids(read_json(body))
    scores: list[ScoreOfMany] = []
    async for found in release.find_in_turns(customer_ids):
        scores += [_one_of_many(release, *customer) for customer in found]
    return Scores(
        scores=scores, snapshot_date=release.manifest.snapshot_date, **release.stamp
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
        reasons=worded(release, result.reasons),
        reason_reference=result.reason_reference,
        **release.stamp,
    )


def health(store: ReleaseStore, recording: Recording) -> Health:
    """Say what is served, and what keeps from serving, deciding and recording."""
    manifest = store.loaded.manifest if store.loaded else None
    return Health(
        status="degraded" if store.problem or recording.problem else "ok",
        model_loaded=manifest is not None,
        model_name=manifest.model_name if manifest else None,
        model_version=manifest.model_version if manifest else None,
        release_id=manifest.release_id if manifest else None,
        snapshot_date=manifest.snapshot_date if manifest else None,
        data=manifest.data if manifest else None,
        problem=store.problem,
        recording_problem=recording.problem,
        decisions_refused=store.refusal() if store.loaded else store.problem,
        data_warning=store.data_warning(),
    )


def ready(store: ReleaseStore) -> Ready:
    """Say which release is ready.

    Raises
    ------
    NoReleaseError
        If there is none.
    """
    return Ready(status="ready", release_id=store.current().manifest.release_id)


async def _known(release: Release, customer_id: str) -> CustomerRow:
    row = await release.find(customer_id)
    if row is None:
        message = "The release knows no customer with this id."
        raise UnknownCustomerError(message)
    return row


def _one_of_many(
    release: Release, customer_id: str, row: CustomerRow | None
) -> ScoreOfMany:
    if row is None:
        return ScoreOfMany(customer_id, "unknown")
    if row.vector is None:
        return ScoreOfMany(
            customer_id,
            "not_scored",
            not_scored_reason=row.not_scored_reason,
            action="refer",
            reasons=why_not_scored(release, row),
            reason_reference="policy",
        )
    result = release.scorecard.score(release.scorecard.unpack(row.vector))
    SCORES[result.action] += 1
    return ScoreOfMany(
        customer_id,
        "scored",
        score=result.score,
        score_shown=result.score_shown,
        proxy_probability=result.proxy_probability,
        grade=result.grade,
        action=result.action,
        reasons=worded(release, result.reasons),
        reason_reference=result.reason_reference,
    )


def _not_scored(release: Release, customer_id: str, row: CustomerRow) -> CustomerScore:
    return CustomerScore(
        customer_id=customer_id,
        status="not_scored",
        not_scored_reason=row.not_scored_reason,
        score=None,
        score_shown=None,
        proxy_probability=None,
        grade=None,
        action="refer",
        reasons=why_not_scored(release, row),
        reason_reference="policy",
        snapshot_date=release.manifest.snapshot_date,
        **release.stamp,
    )
