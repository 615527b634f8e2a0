"""Are probabilities what was observed? Fitted out of fold on train, else reported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincc, ndtri
from sklearn.isotonic import IsotonicRegression

from training.fitting import Frozen
from training.measuring import Sample
from training.metrics import Target, brier_score, log_loss
from training.regression import fit_logistic
from training.scorecard import Floats
from training.splits import TRAIN_OOF

AS_PREDICTED, LINEAR, ISOTONIC = "none", "linear", "isotonic"
GROUPS = 10
CONFIDENCE = 0.95
# No curve may call an outcome impossible that a few more rows would have shown.
ZERO_CELL = 0.5


@dataclass(frozen=True)
class CalibrationMetrics:
    """A row of model.calibration_metrics."""

    candidate: str
    method: str
    row_count: int
    predicted: float
    observed: float
    intercept: float | None
    intercept_lower: float | None
    intercept_upper: float | None
    slope: float | None
    slope_lower: float | None
    slope_upper: float | None
    brier: float
    log_loss: float
    hosmer_lemeshow: float | None
    hosmer_lemeshow_p_value: float | None


@dataclass(frozen=True)
class CalibrationLine:
    """logit P(bad) = intercept + slope * predicted log odds, with 95 % intervals."""

    intercept: float
    intercept_lower: float
    intercept_upper: float
    slope: float
    slope_lower: float
    slope_upper: float


def log_odds(probability: Floats) -> Floats:
    """ln(p / (1 - p)), shape (rows,); infinite where nothing is left to chance."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(probability) - np.log1p(-probability))


def calibration_line(
    predicted: Floats, target: Target, customers: npt.NDArray[np.object_]
) -> CalibrationLine | None:
    """Fit the line of Cox (1958) to predicted log odds.

    Intervals are of the sandwich variance with a customer's rows as one cluster
    (Liang and Zeger 1986).

    Parameters
    ----------
    predicted : array of shape (rows,)
        Log odds of bad.
    target, customers : array of shape (rows,)

    Returns
    -------
    CalibrationLine or None
        None where a class is absent, all predictions are equal, or one is not
        finite.

    Examples
    --------
    >>> predicted = np.log([1 / 3] * 400 + [3.0] * 400)
    >>> target = np.array([True] * 100 + [False] * 300 + [True] * 300 + [False] * 100)
    >>> line = calibration_line(predicted, target, np.arange(800).astype(object))
    >>> round(line.slope, 4), round(line.slope_lower, 3), round(line.slope_upper, 3)
    (1.0, 0.854, 1.146)
    """
    if target.all() or not target.any() or not np.isfinite(predicted).all():
        return None
    if np.ptp(predicted) == 0:
        return None
    fit = fit_logistic(predicted[:, None], target)
    estimates = np.array([fit.intercept, float(fit.coefficients[0])])
    columns = np.column_stack([np.ones(len(predicted)), predicted])
    probability = 1 / (1 + np.exp(-(columns @ estimates)))
    weight = probability * (1 - probability)
    bread = np.linalg.pinv(columns.T @ (columns * weight[:, None]))
    names, codes = np.unique(customers.astype(str), return_inverse=True)
    scores = columns * (target - probability)[:, None]
    by_customer = np.column_stack(
        [np.bincount(codes, weights=column) for column in scores.T]
    )
    correction = len(names) / max(len(names) - 1, 1)
    variance = bread @ (by_customer.T @ by_customer) @ bread * correction
    reach = float(ndtri((1 + CONFIDENCE) / 2)) * np.sqrt(np.diag(variance))
    (intercept, slope), lower, upper = (
        values.tolist() for values in (estimates, estimates - reach, estimates + reach)
    )
    return CalibrationLine(
        intercept=intercept,
        intercept_lower=lower[0],
        intercept_upper=upper[0],
        slope=slope,
        slope_lower=lower[1],
        slope_upper=upper[1],
    )


def hosmer_lemeshow(
    probability: Floats, target: Target, *, fitted: int = 0
) -> tuple[float | None, float | None]:
    """Statistic over tenths of the rows by probability, and its p-value.

    H = sum of (events - expected)^2 / (n * p * (1 - p)), chi-squared with as many
    degrees of freedom as groups, less those `fitted` to the rows (Hosmer, Lemeshow
    and Sturdivant 2013: 2 on the rows of the fit, 0 on others). None where a group
    is certain of its outcome.

    Examples
    --------
    >>> statistic, p_value = hosmer_lemeshow(
    ...     np.full(100, 0.5), np.arange(100) % 2 == 0)
    >>> statistic, round(p_value, 6)
    (0.0, 1.0)
    """
    groups = np.array_split(np.argsort(probability, kind="stable"), GROUPS)
    statistic = 0.0
    filled = [group for group in groups if len(group)]
    for group in filled:
        mean = float(probability[group].mean())
        variance = len(group) * mean * (1 - mean)
        if variance <= 0:
            return None, None
        gap = float(target[group].sum()) - len(group) * mean
        statistic += gap * gap / variance
    freedom = len(filled) - fitted
    if freedom < 1:
        return statistic, None
    return statistic, float(gammaincc(freedom / 2, statistic / 2))


def isotonic_curve(probability: Floats, target: Target) -> IsotonicRegression:
    """Fit the best rising curve to out-of-fold train predictions.

    For comparison only: it has as many parameters as steps, and a card of whole
    points per bin cannot hold it.
    """
    floor = ZERO_CELL / (len(target) + 1)
    curve = IsotonicRegression(y_min=floor, y_max=1 - floor, out_of_bounds="clip")
    return curve.fit(probability, target.astype(float))


def measure_calibration(
    candidate: Frozen, samples: Mapping[str, Sample]
) -> Iterator[tuple[str, CalibrationMetrics]]:
    """Measure a candidate with probabilities on each split.

    Parameters
    ----------
    samples
        By split; train_oof is what the isotonic curve is fitted on, and is not
        reported for it.

    Yields
    ------
    tuple of split and CalibrationMetrics
    """
    fitted_on = samples[TRAIN_OOF]
    if fitted_on.probability is None:
        return
    curve = isotonic_curve(fitted_on.probability, fitted_on.target)
    card = candidate.tables.scorecard if candidate.tables is not None else None
    for split, sample in samples.items():
        if sample.probability is None:
            continue
        by_method = {AS_PREDICTED: sample.probability}
        if card is not None:
            line = log_odds(sample.probability)
            raw = (line - card["calibration_intercept"]) / card["calibration_slope"]
            by_method = {
                AS_PREDICTED: 1 / (1 + np.exp(-raw)),
                LINEAR: sample.probability,
            }
        if split != TRAIN_OOF:
            by_method[ISOTONIC] = curve.predict(sample.probability)
        for method, probability in by_method.items():
            is_fit = split == TRAIN_OOF and method == LINEAR
            yield split, _measure(candidate.name, method, sample, probability, is_fit)


def _measure(
    name: str, method: str, sample: Sample, probability: Floats, is_fit: bool
) -> CalibrationMetrics:
    line = None
    if method != ISOTONIC:
        line = calibration_line(log_odds(probability), sample.target, sample.customers)
    statistic, p_value = hosmer_lemeshow(
        probability, sample.target, fitted=2 if is_fit else 0
    )
    return CalibrationMetrics(
        candidate=name,
        method=method,
        row_count=len(probability),
        predicted=float(probability.mean()),
        observed=float(sample.target.mean()),
        intercept=line.intercept if line else None,
        intercept_lower=line.intercept_lower if line else None,
        intercept_upper=line.intercept_upper if line else None,
        slope=line.slope if line else None,
        slope_lower=line.slope_lower if line else None,
        slope_upper=line.slope_upper if line else None,
        brier=brier_score(sample.target, probability),
        log_loss=log_loss(sample.target, probability),
        hosmer_lemeshow=statistic,
        hosmer_lemeshow_p_value=p_value,
    )
