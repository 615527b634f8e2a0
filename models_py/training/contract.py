"""The feature contract and the rating scale, as dbt seeds them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from training.errors import TrainingError

NUMERIC = "numeric"
CATEGORICAL = "categorical"
APPROVE, REFER, DECLINE = ACTIONS = ("approve", "refer", "decline")
MAXIMUM_GRADE_SHARE = 0.3
DIRECTIONS = {
    NUMERIC: {"ascending", "descending", "either"},
    CATEGORICAL: {"none"},
}


@dataclass(frozen=True)
class Feature:
    """One row of seeds.feature_contract.

    `direction` says how the bad rate moves as the value grows.
    """

    position: int
    name: str
    kind: str
    direction: str
    reason_code: str

    @property
    def is_numeric(self) -> bool:
        """Whether the value is a double (else text)."""
        return self.kind == NUMERIC


@dataclass(frozen=True)
class Grade:
    """One row of seeds.rating_scale: position 1 is the safest."""

    position: int
    grade: str
    target_share: float
    action: str

    @property
    def is_approved(self) -> bool:
        """Whether customers of this grade are approved (else referred or declined)."""
        return self.action == APPROVE


def read_contract(connection: duckdb.DuckDBPyConnection) -> tuple[Feature, ...]:
    """Read seeds.feature_contract in contract order.

    Raises
    ------
    TrainingError
        If it is empty or names a kind or direction that is not known.
    """
    rows = connection.execute(
        "select position, name, kind, monotonic_direction, reason_code"
        " from seeds.feature_contract order by position"
    ).fetchall()
    features = tuple(Feature(*row) for row in rows)
    if not features:
        raise TrainingError("seeds.feature_contract is empty: run dbt build")
    for feature in features:
        if feature.direction not in DIRECTIONS.get(feature.kind, set()):
            raise TrainingError(
                f"seeds.feature_contract: {feature.name} has kind {feature.kind!r} with"
                f" direction {feature.direction!r}; known: {DIRECTIONS}"
            )
    return features


def read_grades(connection: duckdb.DuckDBPyConnection) -> tuple[Grade, ...]:
    """Read seeds.rating_scale, safest grade first, and check it."""
    rows = connection.execute(
        "select position, grade, cast(target_share as double), action"
        " from seeds.rating_scale order by position"
    ).fetchall()
    grades = tuple(Grade(*row) for row in rows)
    check_grades(grades)
    return grades


def check_grades(grades: Sequence[Grade]) -> None:
    """Refuse a rating scale that cannot be cut.

    Raises
    ------
    TrainingError
        If shares are not positive and summing to 1, or one is above 30 % (a scale
        that concentrates customers tells them apart no more); or if actions are not
        in the order approve, refer, decline, with at least one approved grade and
        one that is not.

    Examples
    --------
    >>> actions = ["approve", "approve", "approve", "refer"]
    >>> check_grades([Grade(n, "ABCD"[n], 0.25, a) for n, a in enumerate(actions)])
    """
    shares = [grade.target_share for grade in grades]
    actions = [grade.action for grade in grades]
    if any(share <= 0 for share in shares) or not math.isclose(math.fsum(shares), 1.0):
        raise TrainingError(
            "seeds.rating_scale: target_share must be above 0 and sum to 1,"
            f" not {math.fsum(shares):g}"
        )
    for grade in grades:
        if grade.target_share > MAXIMUM_GRADE_SHARE:
            raise TrainingError(
                f"seeds.rating_scale: target_share of grade {grade.grade} is"
                f" {grade.target_share:g}; no grade may hold more than"
                f" {MAXIMUM_GRADE_SHARE:g}"
            )
    approved = actions.count(APPROVE)
    if (
        not set(actions) <= set(ACTIONS)
        or actions != sorted(actions, key=ACTIONS.index)
        or approved in (0, len(actions))
    ):
        raise TrainingError(
            "seeds.rating_scale: actions must be one or more 'approve', then one or"
            f" more 'refer' or, behind them, 'decline', not {actions}"
        )


def referred_share(grades: Sequence[Grade]) -> float:
    """Share of customers that the policy does not approve.

    Examples
    --------
    >>> referred_share([Grade(1, "A", 0.6, "approve"), Grade(2, "B", 0.4, "refer")])
    0.4
    """
    return math.fsum(grade.target_share for grade in grades if not grade.is_approved)


def as_rows(items: Sequence[Feature] | Sequence[Grade]) -> list[dict[str, Any]]:
    """Plain rows, for fingerprints."""
    return [asdict(item) for item in items]
