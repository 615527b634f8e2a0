"""Who defaults, and when."""

import numpy as np

from simulator.activity import Activity, by_day
from simulator.catalogue import FloatArray, IntArray
from simulator.population import Population

PERIOD_HAZARD = 0.10
"""Summed hazard of default over the whole period of a customer like the mean."""

LATENT_LOADING = -0.90
MOMENTUM_LOADING = -0.60
NO_DEFAULT = -1


def default_hazard(
    population: Population, activity: Activity, signal: float
) -> FloatArray:
    """Hazard of default of each customer on each day since the arrival.

    Lower creditworthiness and fading purchases raise it; at signal 0 it is the same
    for everybody on all days.

    Returns
    -------
    numpy.ndarray
        Shape (customers, days).
    """
    days = activity.count.shape[1]
    weekly = (
        signal * LATENT_LOADING * population.latent[:, None]
        + MOMENTUM_LOADING * activity.momentum
    )
    # Subtracting half the variance keeps the mean hazard over customers.
    log_mean = 0.5 * (signal * LATENT_LOADING) ** 2
    hazard = PERIOD_HAZARD / days * np.exp(by_day(weekly - log_mean, days))
    arrived = np.arange(days) >= activity.arrival_day[:, None]
    return np.where(arrived, hazard, 0.0)


def draw_default_day(
    rng: np.random.Generator,
    population: Population,
    activity: Activity,
    signal: float,
) -> IntArray:
    """Day of default, shape (customers,); -1 for those who do not default.

    Customers without any purchase are unknown to the bank and have no outcome.
    Defaulting does not end purchases: outcomes add to the transactions of a seed and
    never change them.
    """
    summed = np.cumsum(default_hazard(population, activity, signal), axis=1)
    threshold = rng.standard_exponential(population.latent.size)
    passed = summed >= threshold[:, None]
    known = activity.count.any(axis=1)
    return np.where(passed[:, -1] & known, passed.argmax(axis=1), NO_DEFAULT)
