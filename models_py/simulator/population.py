"""Who the customers are: what does not change over the time of a customer."""

from dataclasses import dataclass

import numpy as np

from simulator.catalogue import (
    CATEGORY,
    CHANNEL,
    PRICING_STRATEGY,
    PROVIDER,
    SHARE_OF_HOUR,
    BoolArray,
    FloatArray,
)

BASE_DAILY_RATE = 1.0 / 28.0
"""Debits per customer and day at signal 0: 37 % of customers have none in 28 days."""

# The log rate over the base, at signal 1: mean, per unit of creditworthiness, noise.
RATE_SHIFT = 1.0
RATE_LOADING = 0.35
RATE_SPREAD = 1.30
LARGEST_DAILY_RATE = 40.0

# Giants are here from the first day; e**6 / 28 is 14 debits per day.
GIANT_SHARE = 0.0012
GIANT_DEVIATION = 6.0
GIANT_SPREAD = 0.50

ONE_OFF_SHARE = 0.08
LATE_SHARE = 0.72
"""Share of customers who arrive during the period, evenly over it."""

SPEND_LOADING = 0.60
SPEND_SPREAD = 0.35
WEEKEND_SPREAD = 0.40
OWN_HOURS_SHARE = 0.70
HOURS_EARLIER_PER_LATENT = 1.5
"""The less creditworthy, the later in the day, and into the night."""

CREDIT_LOGIT = 0.69
"""Two debits in three are followed by a credit: 40 % of transactions are credits."""
CREDIT_LOADING = 0.15
CREDIT_SPREAD = 0.50


@dataclass(frozen=True, kw_only=True)
class Population:
    """Traits of the customers of one chunk; arrays of shape (customers,).

    Attributes
    ----------
    latent
        Creditworthiness, standard normal; higher is safer.
    log_rate
        Logarithm of the usual number of debits per day.
    log_spend
        Shift of the log amount of a debit.
    weekend_taste
        Shift of the log rate on Saturdays and Sundays.
    own_hour
        The hour of the day around which the customer buys.
    own_hours_share
        Share of purchases around `own_hour`; the rest follow everybody's day.
    credit_probability
        Probability that a debit is followed by a credit.
    one_off
        Customers who buy once and never return.
    arrival
        Share of the period gone when the customer arrives; 0 for those here before.
    first_visit
        Share of the period gone at the first purchase of those who bought nothing.
    known
        Customers sure to buy at least once.
    patience
        Standard exponential: the summed hazard of leaving that makes them leave.
    category, provider, channel, pricing_strategy
        Cumulative shares, shape (customers, values).
    """

    latent: FloatArray
    log_rate: FloatArray
    log_spend: FloatArray
    weekend_taste: FloatArray
    own_hour: FloatArray
    own_hours_share: float
    credit_probability: FloatArray
    one_off: BoolArray
    arrival: FloatArray
    first_visit: FloatArray
    known: BoolArray
    patience: FloatArray
    category: FloatArray
    provider: FloatArray
    channel: FloatArray
    pricing_strategy: FloatArray


def draw_latent(rng: np.random.Generator, customers: int) -> FloatArray:
    """Creditworthiness of each customer: standard normal, shape (customers,)."""
    return rng.standard_normal(customers)


def draw_population(
    rng: np.random.Generator, customers: int, signal: float
) -> Population:
    """Draw the traits of the customers.

    Parameters
    ----------
    rng
        Source of the traits; the latent creditworthiness is its first draw.
    customers
        Number of customers.
    signal
        Scales every difference between them; 0 makes them alike.

    Returns
    -------
    Population
        One entry per customer.

    Examples
    --------
    >>> alike = draw_population(np.random.default_rng(1), 3, 0.0)
    >>> np.exp(alike.log_rate).round(4).tolist()
    [0.0357, 0.0357, 0.0357]
    >>> alike.arrival.tolist(), alike.one_off.tolist()
    ([0.0, 0.0, 0.0], [False, False, False])
    """
    share = min(signal, 1.0)
    latent = draw_latent(rng, customers)
    noise = rng.standard_normal(customers)
    usual = RATE_SHIFT + RATE_LOADING * latent + RATE_SPREAD * noise
    giant = rng.random(customers) < share * GIANT_SHARE
    deviation = np.where(giant, GIANT_DEVIATION + GIANT_SPREAD * noise, usual)
    log_rate = np.log(BASE_DAILY_RATE) + signal * deviation

    spend_noise = rng.normal(0.0, SPEND_SPREAD, customers)
    credit_noise = rng.normal(0.0, CREDIT_SPREAD, customers)
    credit_logit = CREDIT_LOGIT + signal * (CREDIT_LOADING * latent + credit_noise)
    usual_hour = np.searchsorted(np.cumsum(SHARE_OF_HOUR), rng.random(customers))
    own_hour = usual_hour - signal * HOURS_EARLIER_PER_LATENT * latent
    one_off = rng.random(customers) < share * ONE_OFF_SHARE
    late = rng.random(customers) < share * LATE_SHARE
    return Population(
        latent=latent,
        log_rate=np.minimum(log_rate, np.log(LARGEST_DAILY_RATE)),
        log_spend=signal * (SPEND_LOADING * latent + spend_noise),
        weekend_taste=signal * rng.normal(0.0, WEEKEND_SPREAD, customers),
        own_hour=own_hour,
        own_hours_share=share * OWN_HOURS_SHARE,
        credit_probability=1.0 / (1.0 + np.exp(-credit_logit)),
        one_off=one_off & ~giant,
        arrival=np.where(late & ~giant, rng.random(customers), 0.0),
        first_visit=rng.random(customers),
        known=rng.random(customers) < share,
        patience=rng.standard_exponential(customers),
        category=CATEGORY.tastes(rng, latent, signal),
        provider=PROVIDER.tastes(rng, latent, signal),
        channel=CHANNEL.tastes(rng, latent, signal),
        pricing_strategy=PRICING_STRATEGY.tastes(rng, latent, signal),
    )
