"""The values that a feature can have, from the unit that the contract gives it."""

from dataclasses import dataclass
from typing import Final

from api.documents import FeatureRow


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest possible value, both included; None is open.

    Examples
    --------
    >>> share = Range(0.0, 1.0)
    >>> share.holds(1.0), share.holds(1.01)
    (True, False)
    >>> print(share, Range(0.0), Range(), sep="; ")
    between 0 and 1; at least 0; any number
    """

    lowest: float | None = None
    highest: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a finite value is possible."""
        return (self.lowest is None or value >= self.lowest) and (
            self.highest is None or value <= self.highest
        )

    def __str__(self) -> str:
        """Say it in words."""
        if self.lowest is None:
            return "any number"
        if self.highest is None:
            return f"at least {self.lowest:g}"
        return f"between {self.lowest:g} and {self.highest:g}"


COUNTED: Final = Range(lowest=0.0)
SHARE: Final = Range(lowest=0.0, highest=1.0)
# A unit that is not listed says nothing about its values.
RANGE_OF_UNIT: Final[dict[str, Range]] = {
    "days": COUNTED,
    "transactions": COUNTED,
    "categories": COUNTED,
    "currency units": COUNTED,
    "signed currency units": Range(),
    "share of count": SHARE,
    "share of value": SHARE,
}


def range_of(feature: FeatureRow) -> Range:
    """Return what a numeric feature can be."""
    return RANGE_OF_UNIT.get(feature.unit, Range())
