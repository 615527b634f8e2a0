"""Xente-shaped transactions from a latent creditworthiness per customer.

One number per customer, standard normal, drives how often and how much the
customer buys, what, when, and how soon they stop; optionally also who defaults.
The parameter ``signal`` scales everything that differs between customers or over
the time of one customer. At ``signal=0`` nothing does, so nothing can be learnt.
"""

from simulator.chunks import (
    Chunk,
    iterate_chunks,
    latent_creditworthiness,
    observed_outcomes,
    simulate,
)
from simulator.parameters import Parameters

__all__ = [
    "Chunk",
    "Parameters",
    "iterate_chunks",
    "latent_creditworthiness",
    "observed_outcomes",
    "simulate",
]
