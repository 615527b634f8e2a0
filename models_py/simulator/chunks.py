"""A simulation, chunk by chunk of customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from simulator.activity import draw_activity
from simulator.catalogue import IntArray
from simulator.outcomes import draw_default_day
from simulator.parameters import CUSTOMERS_PER_CHUNK, Parameters
from simulator.population import draw_latent, draw_population
from simulator.purchases import draw_purchases
from simulator.tables import latent_table, outcomes_table, transactions_table

# Random streams of a chunk: one part never shifts the draws of another.
POPULATION, ACTIVITY, PURCHASES, OUTCOMES = range(4)


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Customers drawn together.

    Attributes
    ----------
    transactions
        Raw Xente schema, in order of time.
    outcomes
        `CustomerId, DefaultedAt` of those who defaulted, in order of customer.
    latent
        `CustomerId, Creditworthiness` of every customer, in order of customer.
    """

    transactions: pa.Table
    outcomes: pa.Table
    latent: pa.Table


def _customer_numbers(chunk: int, size: int) -> IntArray:
    """Numbers of the customers of a chunk, from 1 on."""
    return np.arange(size) + chunk * CUSTOMERS_PER_CHUNK + 1


def iterate_chunks(parameters: Parameters) -> Iterator[Chunk]:
    """Simulate, holding one chunk in memory at a time.

    Each chunk draws from streams derived from the seed and its own number, so the
    first 20,000 customers are the same however many follow.

    Parameters
    ----------
    parameters
        What to simulate.

    Yields
    ------
    Chunk
        20,000 customers each, the last one fewer.
    """
    first_transaction, first_batch = 1, 1
    for chunk, customers in enumerate(parameters.chunk_sizes):
        population = draw_population(
            parameters.generator(chunk=chunk, stream=POPULATION),
            customers,
            parameters.signal,
        )
        activity = draw_activity(
            parameters.generator(chunk=chunk, stream=ACTIVITY),
            population,
            start_date=parameters.start_date,
            days=parameters.days,
            signal=parameters.signal,
        )
        rows = draw_purchases(
            parameters.generator(chunk=chunk, stream=PURCHASES),
            population,
            activity.count,
        )
        default_day = draw_default_day(
            parameters.generator(chunk=chunk, stream=OUTCOMES),
            population,
            activity,
            parameters.signal,
        )
        customer_number = _customer_numbers(chunk, customers)
        yield Chunk(
            transactions=transactions_table(
                rows,
                customer_number=customer_number,
                first_transaction=first_transaction,
                first_batch=first_batch,
                start_date=parameters.start_date,
                days=parameters.days,
            ),
            outcomes=outcomes_table(
                default_day,
                customer_number=customer_number,
                start_date=parameters.start_date,
            ),
            latent=latent_table(population.latent, customer_number=customer_number),
        )
        first_transaction += rows.customer.size
        first_batch += int(activity.count.sum())


def simulate(
    *,
    customers: int = Parameters.customers,
    days: int = Parameters.days,
    seed: int = Parameters.seed,
    signal: float = Parameters.signal,
    start_date: date = Parameters.start_date,
) -> pa.Table:
    """Simulate transactions as one table in memory.

    Parameters
    ----------
    customers, days, seed, signal, start_date
        See `Parameters`.

    Returns
    -------
    pyarrow.Table
        Raw Xente schema, in order of time within each 20,000 customers.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Examples
    --------
    >>> table = simulate(customers=100, days=28)
    >>> table.column_names[:3]
    ['TransactionId', 'BatchId', 'AccountId']
    >>> table.equals(simulate(customers=100, days=28))
    True
    """
    parameters = Parameters(
        customers=customers,
        days=days,
        seed=seed,
        signal=signal,
        start_date=start_date,
    )
    chunks = iterate_chunks(parameters)
    return pa.concat_tables([chunk.transactions for chunk in chunks])


def observed_outcomes(
    *,
    customers: int = Parameters.customers,
    days: int = Parameters.days,
    seed: int = Parameters.seed,
    signal: float = Parameters.signal,
    start_date: date = Parameters.start_date,
) -> pa.Table:
    """Defaults of the customers that `simulate` gives for the same values.

    Returns
    -------
    pyarrow.Table
        `CustomerId, DefaultedAt`, only of those who defaulted in the period.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Examples
    --------
    >>> observed_outcomes(customers=100, days=28).column_names
    ['CustomerId', 'DefaultedAt']
    """
    parameters = Parameters(
        customers=customers,
        days=days,
        seed=seed,
        signal=signal,
        start_date=start_date,
    )
    return pa.concat_tables([chunk.outcomes for chunk in iterate_chunks(parameters)])


def latent_creditworthiness(
    *, customers: int = Parameters.customers, seed: int = Parameters.seed
) -> pa.Table:
    """Give the truth behind a simulation, to compare a score with.

    Depends neither on the period nor on the signal; at signal 0 it drives nothing.

    Parameters
    ----------
    customers, seed
        See `Parameters`.

    Returns
    -------
    pyarrow.Table
        `CustomerId, Creditworthiness`: standard normal, higher is safer.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Examples
    --------
    >>> latent_creditworthiness(customers=2).column_names
    ['CustomerId', 'Creditworthiness']
    """
    parameters = Parameters(customers=customers, seed=seed)
    return pa.concat_tables(
        [
            latent_table(
                draw_latent(parameters.generator(chunk=chunk, stream=POPULATION), size),
                customer_number=_customer_numbers(chunk, size),
            )
            for chunk, size in enumerate(parameters.chunk_sizes)
        ]
    )
