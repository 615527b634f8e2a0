"""What can be bought, how often, and who prefers it.

Shares are those of debits in the rebuilt Xente file (57,473 debits).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
CodeArray = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One categorical column: its values, their shares, and tastes.

    Parameters
    ----------
    values
        The values the column can take.
    shares
        Share of debits of each value when all customers are alike; scaled to sum to
        one.
    loadings
        Change of the log share per unit of creditworthiness, at signal 1.
    spread
        Standard deviation between customers of the log shares, at signal 1.
    """

    values: tuple[str, ...]
    shares: tuple[float, ...]
    loadings: tuple[float, ...]
    spread: float

    def tastes(
        self, rng: np.random.Generator, latent: FloatArray, signal: float
    ) -> FloatArray:
        """Cumulative shares of each customer.

        Parameters
        ----------
        rng
            Source of the tastes.
        latent
            Creditworthiness, shape (customers,).
        signal
            0 gives every customer exactly the same shares.

        Returns
        -------
        numpy.ndarray
            Shape (customers, values); the last column is 1.

        Examples
        --------
        >>> coin = Choice(
        ...     values=("a", "b"), shares=(3, 1), loadings=(1, -1), spread=0.5
        ... )
        >>> coin.tastes(np.random.default_rng(1), np.array([-1.0, 1.0]), 0.0)
        array([[0.75, 1.  ],
               [0.75, 1.  ]])
        """
        noise = rng.normal(0.0, self.spread, (latent.size, len(self.values)))
        preference = signal * (latent[:, None] * np.array(self.loadings) + noise)
        weights = np.array(self.shares) * np.exp(preference)
        cumulative: FloatArray = np.cumsum(weights, axis=1)
        cumulative /= cumulative[:, -1:]
        return cumulative


def draw(rng: np.random.Generator, tastes: FloatArray, customer: IntArray) -> CodeArray:
    """Draw one value per purchase from the tastes of its customer.

    Parameters
    ----------
    rng
        Source of the draws.
    tastes
        Cumulative shares, shape (customers, values), as `Choice.tastes` gives them.
    customer
        Row of `tastes` of each purchase, shape (purchases,).

    Returns
    -------
    numpy.ndarray
        Index of the value drawn, shape (purchases,).

    Examples
    --------
    >>> sure = np.array([[1.0, 1.0], [0.0, 1.0]])
    >>> draw(np.random.default_rng(1), sure, np.array([0, 1, 0])).tolist()
    [0, 1, 0]
    """
    uniform = rng.random(customer.size)
    drawn = np.zeros(customer.size, dtype=np.int8)
    for value in range(tastes.shape[1] - 1):
        drawn += uniform >= tastes[:, value][customer]
    return drawn


CATEGORY = Choice(
    values=(
        "financial_services",
        "airtime",
        "utility_bill",
        "data_bundles",
        "ticket",
        "tv",
        "movies",
        "other",
        "transport",
    ),
    shares=(0.503, 0.449, 0.0242, 0.0112, 0.0047, 0.0044, 0.0027, 0.00005, 0.00005),
    loadings=(0.6, -0.6, 0.8, -0.1, 0.3, 0.3, 0.0, 0.0, 0.0),
    spread=0.7,
)
FINANCIAL_SERVICES = CATEGORY.values.index("financial_services")

PROVIDER = Choice(
    values=tuple(f"ProviderId_{number}" for number in (6, 4, 5, 1, 3, 2)),
    shares=(0.518, 0.274, 0.130, 0.0437, 0.0342, 0.0001),
    loadings=(0.0, 0.0, 0.2, 0.0, 0.2, 0.0),
    spread=0.8,
)
CHANNEL = Choice(
    values=tuple(f"ChannelId_{number}" for number in (3, 2, 1, 5)),
    shares=(0.9678, 0.0272, 0.0045, 0.0005),
    loadings=(0.0, -0.5, 0.3, 0.0),
    spread=0.7,
)
PRICING_STRATEGY = Choice(
    values=("2", "4", "1", "0"),
    shares=(0.9594, 0.0301, 0.0087, 0.0014),
    loadings=(0.0, 0.5, -0.3, 0.0),
    spread=0.7,
)
CREDIT_PROVIDER = PROVIDER.values.index("ProviderId_4")
CREDIT_CHANNEL = CHANNEL.values.index("ChannelId_2")

PRODUCTS_OF_CATEGORY: dict[str, tuple[int, ...]] = {
    "financial_services": (21, 6, 15, 13),
    "airtime": (10, 3, 4, 1),
    "utility_bill": (21,),
    "data_bundles": (11,),
    "ticket": (14,),
    "tv": (19,),
    "movies": (8,),
    "other": (9,),
    "transport": (5,),
}
"""Numbers of the products of each category, equally often bought."""

# Transactions by hour of the day (UTC), 0 to 11 and 12 to 23, rebuilt Xente file.
COUNT_OF_HOUR = np.array(
    [
        [617, 312, 512, 882, 1503, 2157, 3192, 4136, 5285, 6405, 7017, 7675],
        [8024, 8305, 7853, 7074, 6282, 5228, 4270, 3329, 2299, 1489, 876, 940],
    ]
)
SHARE_OF_HOUR: FloatArray = COUNT_OF_HOUR.ravel() / COUNT_OF_HOUR.sum()
