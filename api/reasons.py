"""Reasons in the words of a release, the same in scores and in decisions."""

from collections.abc import Iterable

from api.lookups import CustomerRow
from api.release_store import Release
from api.schemas.scores import Reason
from api.scorer import ReasonLoss


def worded(release: Release, losses: Iterable[ReasonLoss]) -> list[Reason]:
    """Put the losses of a score into words."""
    return [Reason(one.code, release.wording[one.code], one.loss) for one in losses]


def why_not_scored(release: Release, row: CustomerRow) -> list[Reason]:
    """Say why a customer has no score; a release that cannot say it is not opened."""
    return [release.policy_reasons[row.not_scored_reason or ""]]
