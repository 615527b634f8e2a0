"""What every picture must know of the data it shows."""

from dataclasses import dataclass

import pandas as pd

from notebooks import words
from pipeline.errors import PipelineError


@dataclass(frozen=True, kw_only=True)
class About:
    """Facts of the warehouse that change how a picture is titled and worded.

    Attributes
    ----------
    is_simulated
        Whether a simulator made all of the data.
    label_source
        ``proxy`` or ``observed``.
    currency
        Unit of amounts: an ISO 4217 code, or ``currency units`` where the data
        have several or none.
    time_zone
        IANA name of the zone of hours and weekdays.
    """

    is_simulated: bool
    label_source: str
    currency: str
    time_zone: str

    @property
    def risk(self) -> str:
        """What the label says of a customer.

        Examples
        --------
        >>> About(is_simulated=True, label_source="observed", currency="UGX",
        ...       time_zone="UTC").risk
        'defaulted'
        """
        return "defaulted" if self.label_source == "observed" else "high risk"

    @property
    def caveat(self) -> str:
        """What the label is not, for every sentence that speaks of it."""
        if self.label_source == "observed":
            return "The label is a default that the bank observed."
        return "The label is a behavioural proxy, not a probability of default."


def about(overview: pd.DataFrame) -> About:
    """Read the facts from the one row of analysis ``warehouse_overview``.

    Raises
    ------
    PipelineError
        There is no such row: no transaction was accepted.
    """
    if overview.empty:
        raise PipelineError("the warehouse holds no transaction: run make run first")
    row = overview.iloc[0]
    code = str(row.first_currency_code)
    single = row.currency_count == 1 and code != "unknown"
    return About(
        is_simulated=bool(row.is_simulated),
        label_source=str(row.label_source),
        currency=words.name(code) if single else "currency units",
        time_zone=str(row.data_time_zone),
    )
