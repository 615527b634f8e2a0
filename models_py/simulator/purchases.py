"""The rows: debits at a time and an amount, some followed by a credit."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from simulator.catalogue import (
    CREDIT_CHANNEL,
    CREDIT_PROVIDER,
    FINANCIAL_SERVICES,
    SHARE_OF_HOUR,
    CodeArray,
    FloatArray,
    IntArray,
    draw,
)
from simulator.population import Population

SECONDS_PER_DAY = 86_400

MEDIAN_DEBIT = 2_400.0
DEBIT_SPREAD = 1.0
TAIL_SHARE = 0.05
TAIL_INDEX = 0.70
LARGEST_TAIL_FACTOR = 2_000.0
"""One debit in twenty is multiplied by a Pareto factor, cut off at this."""
LARGEST_DEBIT = 2e7
SMALLEST_DEBIT = 50.0
ROUND_SHARE = 0.30
ROUND_TO = 500.0

MEDIAN_CREDIT_SHARE = 0.10
CREDIT_SPREAD = 1.6
LARGEST_CREDIT_SHARE = 0.95
WHOLE_FROM = 10.0
"""Smaller credits keep one decimal; everything else is in whole units."""

CREDIT_AS_FINANCIAL_SERVICES = 0.76
MEAN_CREDIT_DELAY_SECONDS = 240.0
OWN_HOUR_SPREAD = 1.5

FRAUD_FROM = 300_000.0
FRAUD_SHARE = 0.0018
FRAUD_SHARE_OF_LARGE = 0.50


@dataclass(frozen=True, kw_only=True)
class Purchases:
    """Transactions as arrays of shape (transactions,).

    Attributes
    ----------
    batch
        Number of the debit; its credit has the same.
    customer
        Index of the customer.
    second
        Seconds since the start of the period.
    amount
        Currency units with at most one decimal; below zero for a credit.
    category, provider, channel, pricing_strategy
        Index into the values of the catalogue.
    product_draw
        Uniform, picks among the products of the category.
    fraud
        0 or 1.
    """

    batch: IntArray
    customer: IntArray
    second: IntArray
    amount: FloatArray
    category: CodeArray
    provider: CodeArray
    channel: CodeArray
    pricing_strategy: CodeArray
    product_draw: FloatArray
    fraud: CodeArray

    def take(self, rows: npt.NDArray[np.intp]) -> "Purchases":
        """Choose rows by position."""
        return Purchases(
            **{field.name: getattr(self, field.name)[rows] for field in fields(self)}
        )

    def followed_by(self, other: "Purchases") -> "Purchases":
        """Append the rows of another."""
        return Purchases(
            **{
                field.name: np.concatenate(
                    [getattr(self, field.name), getattr(other, field.name)]
                )
                for field in fields(self)
            }
        )


def draw_second_of_day(
    rng: np.random.Generator, population: Population, customer: IntArray
) -> IntArray:
    """Second of the day of each debit, 0 to 86,398, shape (debits,).

    A share of debits falls around the customer's own hour, the others follow the
    hours of everybody. The last second is left to a credit.
    """
    size = customer.size
    hour = np.searchsorted(np.cumsum(SHARE_OF_HOUR)[:-1], rng.random(size), "right")
    common = hour + rng.random(size)
    own = population.own_hour[customer] + rng.normal(0.0, OWN_HOUR_SPREAD, size)
    is_own = rng.random(size) < population.own_hours_share
    hours = np.where(is_own, np.mod(own, 24.0), common)
    second: IntArray = np.minimum(
        (hours * 3600.0).astype(np.int64), SECONDS_PER_DAY - 2
    )
    return second


def draw_amount(
    rng: np.random.Generator, population: Population, customer: IntArray
) -> FloatArray:
    """Amount of each debit in whole units: log-normal with a Pareto tail."""
    size = customer.size
    log_amount = np.log(MEDIAN_DEBIT) + population.log_spend[customer]
    log_amount += rng.normal(0.0, DEBIT_SPREAD, size)
    in_tail = rng.random(size) < TAIL_SHARE
    below_cut = 1.0 - LARGEST_TAIL_FACTOR**-TAIL_INDEX
    log_factor = -np.log1p(-below_cut * rng.random(size)) / TAIL_INDEX
    log_amount += in_tail * log_factor
    amount = np.clip(np.exp(log_amount), SMALLEST_DEBIT, LARGEST_DEBIT)
    is_round = rng.random(size) < ROUND_SHARE
    rounded = np.maximum(np.rint(amount / ROUND_TO), 1.0) * ROUND_TO
    whole: FloatArray = np.where(is_round, rounded, np.rint(amount))
    return whole


def draw_debits(
    rng: np.random.Generator, population: Population, count: IntArray
) -> Purchases:
    """Draw the debits that the daily counts ask for.

    Parameters
    ----------
    rng
        Source of the draws.
    population
        The customers.
    count
        Debits by customer and day, shape (customers, days).

    Returns
    -------
    Purchases
        `count.sum()` debits, by customer and day.
    """
    cell = np.repeat(np.arange(count.size), count.ravel())
    customer, day = np.divmod(cell, count.shape[1])
    amount = draw_amount(rng, population, customer)
    fraud_share = np.where(amount >= FRAUD_FROM, FRAUD_SHARE_OF_LARGE, FRAUD_SHARE)
    second_of_day = draw_second_of_day(rng, population, customer)
    return Purchases(
        batch=np.arange(customer.size),
        customer=customer,
        second=day * SECONDS_PER_DAY + second_of_day,
        amount=amount,
        category=draw(rng, population.category, customer),
        provider=draw(rng, population.provider, customer),
        channel=draw(rng, population.channel, customer),
        pricing_strategy=draw(rng, population.pricing_strategy, customer),
        product_draw=rng.random(customer.size),
        fraud=(rng.random(customer.size) < fraud_share).astype(np.int8),
    )


def draw_credits(
    rng: np.random.Generator, population: Population, debits: Purchases
) -> Purchases:
    """Draw the credits that follow some debits minutes later, the same day.

    A credit never crosses midnight, so that days stay independent at signal 0.

    Returns
    -------
    Purchases
        One credit for some of the debits, smaller than its debit.
    """
    credited = (
        rng.random(debits.customer.size)
        < (population.credit_probability[debits.customer])
    )
    parent = debits.take(np.flatnonzero(credited))
    size = parent.customer.size
    log_share = np.log(MEDIAN_CREDIT_SHARE) + rng.normal(0.0, CREDIT_SPREAD, size)
    share = np.minimum(np.exp(log_share), LARGEST_CREDIT_SHARE)
    amount = parent.amount * share
    amount = np.where(amount < WHOLE_FROM, np.ceil(amount * 10.0) / 10.0, amount)
    amount = np.where(amount < WHOLE_FROM, amount, np.floor(amount))

    delay = 1 + rng.exponential(MEAN_CREDIT_DELAY_SECONDS, size).astype(np.int64)
    left = SECONDS_PER_DAY - 1 - parent.second % SECONDS_PER_DAY
    as_financial = rng.random(size) < CREDIT_AS_FINANCIAL_SERVICES
    category = np.where(as_financial, np.int8(FINANCIAL_SERVICES), parent.category)
    return Purchases(
        batch=parent.batch,
        customer=parent.customer,
        second=parent.second + np.minimum(delay, left),
        amount=-amount,
        category=category,
        provider=np.full(size, CREDIT_PROVIDER, dtype=np.int8),
        channel=np.full(size, CREDIT_CHANNEL, dtype=np.int8),
        pricing_strategy=parent.pricing_strategy,
        product_draw=rng.random(size),
        fraud=np.zeros(size, dtype=np.int8),
    )


def draw_purchases(
    rng: np.random.Generator, population: Population, count: IntArray
) -> Purchases:
    """Debits and credits in order of time; see `draw_debits`, `draw_credits`."""
    debits = draw_debits(rng, population, count)
    rows = debits.followed_by(draw_credits(rng, population, debits))
    return rows.take(np.argsort(rows.second, kind="stable"))
