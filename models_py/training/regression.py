"""Logistic regression to its exact optimum, and the calibration line."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from training.scorecard import Floats

COEFFICIENT_DECIMALS = 12
TOLERANCE = 1e-10
# Weak enough not to move a coefficient, strong enough to keep it finite when a
# feature parts the classes without error.
INVERSE_PENALTY = 1e4


@dataclass(frozen=True)
class LogisticFit:
    """logit P(bad) = intercept + columns @ coefficients."""

    coefficients: Floats
    intercept: float

    def log_odds(self, columns: Floats) -> Floats:
        """Log odds of bad, shape (rows,)."""
        return np.asarray(columns @ self.coefficients + self.intercept)


@dataclass(frozen=True)
class Calibration:
    """logit P(bad) = intercept + slope * log odds of the model."""

    intercept: float
    slope: float

    def apply(self, log_odds: Floats) -> Floats:
        """Calibrated log odds of bad, shape (rows,)."""
        return self.intercept + self.slope * log_odds


def fit_logistic(columns: Floats, target: npt.NDArray[np.bool_]) -> LogisticFit:
    """Fit by Newton's method, so that two machines agree to the last shown digit.

    Parameters
    ----------
    columns : array of shape (rows, features)
    target : array of shape (rows,), both classes present

    Examples
    --------
    >>> columns = np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])
    >>> target = np.array([True, False, False, True, True, False])
    >>> fit = fit_logistic(columns, target)
    >>> round(fit.intercept, 3), round(float(fit.coefficients[0]), 3)
    (-0.693, 1.386)
    """
    model = LogisticRegression(
        C=INVERSE_PENALTY, solver="newton-cholesky", tol=TOLERANCE, max_iter=200
    ).fit(columns, target)
    return LogisticFit(
        coefficients=np.round(model.coef_[0], COEFFICIENT_DECIMALS),
        intercept=round(float(model.intercept_[0]), COEFFICIENT_DECIMALS),
    )


def fit_calibration(
    log_odds: Floats,
    target: npt.NDArray[np.bool_],
    *,
    minimum_slope: float,
    central_tendency: float | None = None,
) -> Calibration:
    """Fit the line that maps out-of-fold log odds to observed ones.

    A slope below `minimum_slope` would turn the score upside down (there is little
    or nothing to learn): it is raised to that, and the intercept fitted for it.

    Parameters
    ----------
    log_odds : array of shape (rows,)
        Of bad, from models that have not seen the row.
    target : array of shape (rows,), both classes present
    central_tendency
        Long-run default rate, above 0 and below 1: the intercept is moved until the
        mean probability is that, and not the rate of `target`.

    Examples
    --------
    >>> log_odds, target = np.log([0.5, 0.5, 0.5, 2, 2, 2]), np.arange(6) % 3 == 0
    >>> line = fit_calibration(log_odds, target, minimum_slope=0.1,
    ...                        central_tendency=0.02)
    >>> round(line.slope, 3), round(float(np.mean(
    ...     1 / (1 + np.exp(-line.apply(log_odds))))), 9)
    (0.1, 0.02)
    """
    fit = fit_logistic(log_odds[:, None], target)
    slope = max(float(fit.coefficients[0]), minimum_slope)
    if central_tendency is None and slope > minimum_slope:
        return Calibration(intercept=fit.intercept, slope=slope)
    rate = float(target.mean()) if central_tendency is None else central_tendency
    return Calibration(intercept=_intercept_for(slope * log_odds, rate), slope=slope)


def _intercept_for(log_odds: Floats, rate: float) -> float:
    """Find the shift at which the mean probability equals `rate`."""

    def gap(intercept: float) -> float:
        return float(np.mean(1 / (1 + np.exp(-(intercept + log_odds))))) - rate

    # At the ends every single probability is below the rate, or above it.
    centre = float(np.log(rate / (1 - rate)))
    low, high = centre - float(log_odds.max()) - 1, centre - float(log_odds.min()) + 1
    found = brentq(gap, low, high, xtol=TOLERANCE * 1e-3, rtol=1e-15)
    return round(float(found), COEFFICIENT_DECIMALS)
