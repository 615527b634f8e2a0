"""From a score to an action, and the rules that stand above the score."""

from collections.abc import Sequence
from typing import Final

from api.bins import FeatureValue
from api.documents import PolicyReasonRow, ScorecardDocument

STALE_DATA: Final = "stale_data"
THIN_FILE: Final = "thin_file"
# The feature that says how much is known of a customer.
DEPTH_OF_FILE: Final = "transaction_count"


class Policy:
    """What the bank does with a score, as frozen in a release.

    Parameters
    ----------
    document
        ``scorecard.json`` of a release.

    Attributes
    ----------
    reasons
        Reason of each policy outcome, by its name.
    stale_after_days
        Age of the snapshot from which everybody is referred; None: no age.
    """

    def __init__(self, document: ScorecardDocument) -> None:
        self.reasons = {row.status: row for row in document.policy_reasons}
        self.stale_after_days = self._limit(STALE_DATA)
        self._cutoff_score = document.model.cutoff_score
        self._on_proxy = document.model.label_source == "proxy"
        self._depth_index = next(
            (
                row.position - 1
                for row in document.features
                if row.name == DEPTH_OF_FILE
            ),
            None,
        )

    def is_high_risk(self, score: float) -> bool:
        """Whether a score is below the cut-off."""
        return score < self._cutoff_score

    def action(self, of_grade: str) -> str:
        """Return what follows from the action of a grade."""
        # No automatic decline on a proxy, whatever the rating scale says.
        if self._on_proxy and of_grade != "approve":
            return "refer"
        return of_grade

    def referrals(
        self, values: Sequence[FeatureValue], snapshot_age_days: int
    ) -> list[PolicyReasonRow]:
        """Return the rules that refer an applicant whatever the score, in order.

        Parameters
        ----------
        values
            Feature values in contract order.
        snapshot_age_days
            Days from the snapshot to the decision.
        """
        most_days, least_depth = self.stale_after_days, self._limit(THIN_FILE)
        breaks = {
            STALE_DATA: most_days is not None and snapshot_age_days > most_days,
            THIN_FILE: least_depth is not None and self._depth_of(values) < least_depth,
        }
        return [self.reasons[name] for name, is_broken in breaks.items() if is_broken]

    def _limit(self, name: str) -> float | None:
        row = self.reasons.get(name)
        return None if row is None else row.limit_value

    def _depth_of(self, values: Sequence[FeatureValue]) -> float:
        depth = None if self._depth_index is None else values[self._depth_index]
        return 0.0 if depth is None or isinstance(depth, str) else depth
