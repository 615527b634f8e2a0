"""The gates a version must pass to become champion: what stands here is applied.

Each says what is measured, within which limits, in which unit, and where the limits
come from. `checks.CHECKS` holds the measurement behind each name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.rating import LIMIT

PASSED, FAILED, NOT_ASSESSED = "passed", "failed", "not assessed"


@dataclass(frozen=True)
class Gate:
    """One row of `GATES`: a figure and the limits it must keep."""

    name: str
    measures: str
    unit: str
    source: str
    minimum: float | None = None
    maximum: float | None = None


GATES = (
    Gate(
        name="out_of_fold_auc",
        measures="AUC on train, each row scored by a card that had not seen it; after a"
        " search corrected for the choice of the best trial",
        unit="AUC",
        minimum=0.6,
        source="house rule: Gini 0.2, below which a card hardly ranks; correction:"
        " Tsamardinos and others 2018",
    ),
    Gate(
        name="not_worse_than_champion",
        measures="AUC on test minus the champion's, upper end of the paired interval",
        unit="AUC",
        minimum=0.0,
        source="bootstrap by customer, 95 %: below 0 the loss is no chance",
    ),
    Gate(
        name="calibration_slope",
        measures="slope of observed on predicted log odds, out of fold on train",
        unit="log odds per log odds",
        minimum=0.8,
        maximum=1.25,
        source="Cox 1958: 1 is neither over- nor underfitted; the band is a house rule",
    ),
    Gate(
        name="calibration_slope_on_test",
        measures="the same slope of the calibrated card on test, its 95 % interval",
        unit="log odds per log odds",
        minimum=0.8,
        maximum=1.25,
        source="house rule as above; fails where the whole interval is outside",
    ),
    Gate(
        name="score_psi",
        measures="stability index of scores, customers to be scored against train",
        unit="PSI",
        maximum=0.25,
        source="custom of the field, raised to the 95 % noise band (Yurdakul 2018)",
    ),
    Gate(
        name="monotone_grades",
        measures="largest fall of the bad rate from a grade to the riskier one",
        unit="standard errors",
        maximum=1.645,
        source="a fall that chance stays below in 95 of 100 cases (normal, one-sided)",
    ),
    Gate(
        name="largest_grade",
        measures="share of train rows in the fullest grade, out of fold",
        unit="share of rows",
        maximum=LIMIT,
        source="house rule: none over 30 %, or grades hardly rank",
    ),
    Gate(
        name="sql_is_python",
        measures="largest difference of a score in SQL and in Python, same rows",
        unit="points",
        maximum=1e-9,
        source="contract of the project: the tables are the model",
    ),
)


@dataclass(frozen=True)
class Measured:
    """A gate's figure; a maximum is raised to `noise`, which chance stays below.

    With an `interval` a gate fails only where all of it is outside the limits.
    """

    value: float
    detail: str
    noise: float = -math.inf
    interval: tuple[float, float] | None = None


class NotAssessedError(Exception):
    """Why a gate cannot be measured on what the warehouse holds; it then blocks."""


class NothingToCompareError(NotAssessedError):
    """Why there is no fair comparison for a gate to make; it does not block."""


@dataclass(frozen=True)
class GateResult:
    """What a gate found; goes to model.model_promotions.gate_results as JSON."""

    gate: str
    outcome: str
    value: float | None
    minimum: float | None
    maximum: float | None
    unit: str
    detail: str
    source: str
    is_blocking: bool

    def to_row(self) -> Mapping[str, Any]:
        """Plain values by name."""
        return dict(vars(self))


def judge(gate: Gate, found: Measured | NotAssessedError) -> GateResult:
    """Hold a measurement to its gate; limits themselves pass.

    Examples
    --------
    >>> gate = Gate("auc", "AUC", "AUC", "example", minimum=0.6)
    >>> judge(gate, Measured(0.6, "9 rows")).outcome
    'passed'
    >>> judge(gate, Measured(0.59, "9 rows")).is_blocking
    True
    >>> judge(gate, Measured(0.59, "9 rows", interval=(0.5, 0.7))).outcome
    'passed'
    >>> judge(gate, NotAssessedError("no rows")).outcome
    'not assessed'
    >>> judge(gate, NothingToCompareError("no champion")).is_blocking
    False
    """
    if isinstance(found, NotAssessedError):
        outcome, value, detail, maximum = NOT_ASSESSED, None, str(found), gate.maximum
        is_blocking = not isinstance(found, NothingToCompareError)
    else:
        value, detail, maximum = found.value, found.detail, gate.maximum
        if maximum is not None:
            maximum = max(maximum, found.noise)
        lowest = -math.inf if gate.minimum is None else gate.minimum
        highest = math.inf if maximum is None else maximum
        lower, upper = found.interval or (value, value)
        outcome = PASSED if lower <= highest and upper >= lowest else FAILED
        is_blocking = outcome == FAILED
    return GateResult(
        gate=gate.name,
        outcome=outcome,
        value=value,
        minimum=gate.minimum,
        maximum=maximum,
        unit=gate.unit,
        detail=detail,
        source=gate.source,
        is_blocking=is_blocking,
    )


def table_lines(results: Sequence[GateResult]) -> list[str]:
    """Write the results as a table, a line per gate."""
    lines = [f"{'gate':<26} {'outcome':<13} {'value':>9}  {'limits':<16} measured"]
    lines += [
        f"{result.gate:<26} {result.outcome:<13} {_shown(result.value):>9}"
        f"  {_limits(result):<16} {result.detail}"
        for result in results
    ]
    return lines


def blocking(results: Sequence[GateResult]) -> list[str]:
    """Names of the gates that keep a version from being promoted."""
    return [result.gate for result in results if result.is_blocking]


def _limits(result: GateResult) -> str:
    low, high = result.minimum, result.maximum
    if low is not None and high is not None:
        return f"{low:.3g} to {high:.3g}"
    return f"at least {low:.3g}" if high is None else f"at most {high:.3g}"


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1e}" if 0 < abs(value) < 1e-3 else f"{value:.3f}"
