"""How often each customer buys on each day, and when they stop."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.catalogue import BoolArray, FloatArray, IntArray
from simulator.population import LARGEST_DAILY_RATE, Population

WEEKLY_MEMORY = 0.85
"""Correlation of a customer's momentum from one week to the next."""

MOMENTUM_SPREAD = 0.65
"""Standard deviation of the momentum, a shift of the log rate, at signal 1."""

DAILY_LEAVING_HAZARD = 1.0 / 140.0
"""Hazard per day, at signal 1, that a customer like the mean leaves for good."""

# Change of the log hazard per unit of creditworthiness and of momentum.
LEAVING_LATENT_LOADING = -1.25
LEAVING_MOMENTUM_LOADING = -1.8

LOG_WEEKDAY_FACTOR = np.log([0.975, 0.965, 0.93, 0.945, 1.21, 0.99, 0.98])
"""Monday to Sunday, transactions per day over the mean, rebuilt Xente file."""


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What happens on each day.

    Attributes
    ----------
    rate
        Expected debits, shape (customers, days).
    count
        Debits drawn, shape (customers, days).
    arrival_day
        Day of arrival, shape (customers,); 0 for those here before.
    momentum
        Shift of the log rate, shape (customers, weeks).
    """

    rate: FloatArray
    count: IntArray
    arrival_day: IntArray
    momentum: FloatArray


def draw_momentum(
    rng: np.random.Generator, customers: int, weeks: int, signal: float
) -> FloatArray:
    """Ups and downs of each customer: a stationary AR(1) by week.

    Parameters
    ----------
    rng
        Source of the innovations.
    customers, weeks
        Shape of the answer.
    signal
        Scales it; 0 gives zeros.

    Returns
    -------
    numpy.ndarray
        Shift of the log rate, shape (customers, weeks).

    Notes
    -----
    x_w = sum over v <= w of m**(w - v) e_v with e_0 of variance 1 and later ones of
    variance 1 - m**2, so every week has variance 1 and lag k correlation m**k.
    """
    week = np.arange(weeks)
    lag = week[:, None] - week[None, :]
    memory = np.where(lag >= 0, WEEKLY_MEMORY ** np.maximum(lag, 0), 0.0)
    memory[:, 1:] *= np.sqrt(1.0 - WEEKLY_MEMORY**2)
    innovations = rng.standard_normal((customers, weeks))
    # Not `@`: its sums may depend on the machine's number of threads.
    weekly = np.einsum("cv,wv->cw", innovations, memory)
    momentum: FloatArray = signal * MOMENTUM_SPREAD * weekly
    return momentum


def by_day(weekly: FloatArray, days: int) -> FloatArray:
    """Repeat the value of each week on its days, shape (customers, days)."""
    return np.repeat(weekly, 7, axis=1)[:, :days]


def presence(
    population: Population,
    momentum: FloatArray,
    arrival_day: IntArray,
    days: int,
    signal: float,
) -> BoolArray:
    """Days on which a customer may buy: arrived, and not yet gone for good.

    A customer leaves when the hazard summed since the arrival passes their patience.
    Low creditworthiness and low momentum raise the hazard; a one-off customer is
    never present (their single purchase is placed apart).

    Returns
    -------
    numpy.ndarray
        Shape (customers, days).
    """
    log_hazard = (
        signal * LEAVING_LATENT_LOADING * population.latent[:, None]
        + LEAVING_MOMENTUM_LOADING * momentum
    )
    hazard = signal * DAILY_LEAVING_HAZARD * np.exp(log_hazard)
    arrived = np.arange(days) >= arrival_day[:, None]
    summed = np.cumsum(np.where(arrived, by_day(hazard, days), 0.0), axis=1)
    stays = summed < population.patience[:, None]
    present: BoolArray = arrived & stays & ~population.one_off[:, None]
    return present


def draw_activity(
    rng: np.random.Generator,
    population: Population,
    *,
    start_date: date,
    days: int,
    signal: float,
) -> Activity:
    """Draw the number of debits of each customer on each day.

    Counts are Poisson and independent given the rates. At signal 0 every rate is the
    same number, so counts are independent and identically distributed.

    Parameters
    ----------
    rng
        Source of momentum and counts.
    population
        The customers.
    start_date
        Gives the weekdays.
    days
        Length of the period.
    signal
        Scales weekday effects, momentum and leaving.

    Returns
    -------
    Activity
        Rates and counts by customer and day.
    """
    customers = population.latent.size
    momentum = draw_momentum(rng, customers, -(-days // 7), signal)
    arrival_day = np.floor(population.arrival * days).astype(np.int64)

    day = np.arange(days)
    weekday = (start_date.weekday() + day) % 7
    log_rate = population.log_rate[:, None] + by_day(momentum, days)
    log_rate += signal * LOG_WEEKDAY_FACTOR[weekday]
    log_rate += population.weekend_taste[:, None] * (weekday >= 5)
    rate = np.minimum(np.exp(log_rate), LARGEST_DAILY_RATE)
    rate *= presence(population, momentum, arrival_day, days, signal)
    count = rng.poisson(rate)

    newcomer = population.arrival > 0.0
    visit = np.where(newcomer, population.arrival, population.first_visit)
    unseen = newcomer | (count.sum(axis=1) == 0)
    forced = np.flatnonzero(population.known & unseen)
    visit_day = np.floor(visit[forced] * days).astype(np.int64)
    count[forced, visit_day] = np.maximum(count[forced, visit_day], 1)
    return Activity(rate=rate, count=count, arrival_day=arrival_day, momentum=momentum)
