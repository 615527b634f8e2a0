"""Predicted and observed rate of each grade, with tests a validator knows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scipy.special import betainc, betaincinv

from training.metrics import Target
from training.model_tables import Row
from training.rating import scores_inside
from training.scorecard import Floats

CONFIDENCE = 0.95
GREEN, YELLOW, RED = "green", "yellow", "red"
YELLOW_BELOW, RED_BELOW = 0.05, 0.01


@dataclass(frozen=True)
class GradeCalibration:
    """A row of model.grade_calibration; rates of a grade without rows are None."""

    position: int
    grade: str
    action: str
    row_count: int
    row_share: float
    event_count: int
    predicted: float | None = None
    observed: float | None = None
    observed_lower: float | None = None
    observed_upper: float | None = None
    binomial_p_value: float | None = None
    jeffreys_p_value: float | None = None
    traffic_light: str | None = None


def binomial_p_value(events: int, rows: int, predicted: float) -> float:
    """Probability of at least `events` if each of `rows` has one at `predicted`.

    P(X >= d) = I_p(d, n - d + 1), the regularised incomplete beta function. Small
    values say that the risk is underestimated (Basel Committee, Working Paper 14).

    Examples
    --------
    >>> round(binomial_p_value(2, 3, 0.5), 6), binomial_p_value(0, 3, 0.5)
    (0.5, 1.0)
    """
    if events == 0:
        return 1.0
    return float(betainc(events, rows - events + 1, predicted))


def jeffreys_p_value(events: int, rows: int, predicted: float) -> float:
    """Posterior probability that the rate is at most `predicted`.

    The posterior of Jeffreys' prior is Beta(d + 1/2, n - d + 1/2). Small values say
    that the risk is underestimated (ECB, Instructions for reporting the validation
    results of internal models, 2019, 2.5.3).

    Examples
    --------
    >>> round(jeffreys_p_value(5, 10, 0.5), 6)
    0.5
    """
    return float(betainc(events + 0.5, rows - events + 0.5, predicted))


def jeffreys_interval(events: int, rows: int) -> tuple[float, float]:
    """Central 95 % interval of the rate, of the same posterior.

    Examples
    --------
    >>> [round(limit, 4) for limit in jeffreys_interval(0, 10)]
    [0.0, 0.2172]
    """
    tail = (1 - CONFIDENCE) / 2
    lower, upper = betaincinv(events + 0.5, rows - events + 0.5, [tail, 1 - tail])
    # Brown, Cai and DasGupta (2001): a rate of 0 or 1 is inside its own interval.
    return (
        0.0 if events == 0 else float(lower),
        1.0 if events == rows else float(upper),
    )


def traffic_light(p_value: float) -> str:
    """Green from 0.05 on, yellow from 0.01 on, else red.

    Examples
    --------
    >>> traffic_light(0.05), traffic_light(0.049), traffic_light(0.009)
    ('green', 'yellow', 'red')
    """
    if p_value < RED_BELOW:
        return RED
    return YELLOW if p_value < YELLOW_BELOW else GREEN


def calibrate_grades(
    scale: Sequence[Row], *, scores: Floats, probability: Floats, target: Target
) -> list[GradeCalibration]:
    """Compare each grade of a card with what happened to its rows.

    Parameters
    ----------
    scale
        Rows of model.rating_scale, safest first.
    scores, probability, target : array of shape (rows,)
    """
    return [
        _calibrate(
            row,
            inside=scores_inside(row, scores),
            probability=probability,
            target=target,
        )
        for row in scale
    ]


def _calibrate(
    row: Row, *, inside: Target, probability: Floats, target: Target
) -> GradeCalibration:
    rows, events = int(inside.sum()), int(target[inside].sum())
    grade = GradeCalibration(
        position=row["position"],
        grade=row["grade"],
        action=row["action"],
        row_count=rows,
        row_share=rows / len(target),
        event_count=events,
    )
    if not rows:
        return grade
    predicted = float(probability[inside].mean())
    lower, upper = jeffreys_interval(events, rows)
    p_value = jeffreys_p_value(events, rows, predicted)
    return replace(
        grade,
        predicted=predicted,
        observed=events / rows,
        observed_lower=lower,
        observed_upper=upper,
        binomial_p_value=binomial_p_value(events, rows, predicted),
        jeffreys_p_value=p_value,
        traffic_light=traffic_light(p_value),
    )
