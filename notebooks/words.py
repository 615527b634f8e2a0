"""Numbers as a sentence says them."""

from collections.abc import Sequence
from datetime import date

NAME_CHARACTERS = 30


def count(number: float, noun: str, plural: str | None = None) -> str:
    """Count things.

    Examples
    --------
    >>> count(1, "row"), count(91364, "row"), count(0, "category", "categories")
    ('1 row', '91,364 rows', 'no categories')
    """
    if number == 0:
        return f"no {plural or noun + 's'}"
    return f"{number:,.0f} {noun if number == 1 else plural or noun + 's'}"


def few_of(number: int, total: int, noun: str) -> str:
    """Count some of many.

    Examples
    --------
    >>> few_of(0, 6, "pair"), few_of(2, 6, "pair")
    ('none of 6 pairs', '2 of 6 pairs')
    """
    return f"{number or 'none'} of {count(total, noun)}"


def verb(number: float, singular: str, plural: str) -> str:
    """Choose the form that agrees with a number.

    Examples
    --------
    >>> verb(1, "lies", "lie"), verb(0, "lies", "lie")
    ('lies', 'lie')
    """
    return singular if number == 1 else plural


def percent(share: float) -> str:
    """Write a share; what is not all or nothing never reads so.

    Examples
    --------
    >>> percent(0.1234), percent(1), percent(0.99999), percent(0.00001), percent(0)
    ('12.3 %', '100 %', 'over 99.9 %', 'under 0.1 %', '0 %')
    """
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    if share < 0.0005:
        return "under 0.1 %"
    if share > 0.9995:
        return "over 99.9 %"
    return f"{100 * share:.1f} %"


def amount(value: float) -> str:
    """Round an amount to three digits, or to the unit where it is small.

    Examples
    --------
    >>> amount(1234567), amount(20_000_000), amount(2512), amount(0.25)
    ('1.23 million', '20 million', '2,512', '0.25')
    """
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{value / size:.3g} {name}"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def span(lowest: str, highest: str, *, joint: str = "to") -> str:
    """Write a range, which may be a point.

    Examples
    --------
    >>> span("1", "7"), span("3", "3")
    ('1 to 7', '3')
    """
    return lowest if lowest == highest else f"{lowest} {joint} {highest}"


def day(value: date) -> str:
    """Write a date.

    Examples
    --------
    >>> day(date(2019, 2, 4))
    '4 February 2019'
    """
    return f"{value.day} {value:%B %Y}"


def listed(parts: Sequence[str]) -> str:
    """Join with commas and a last "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def name(identifier: str) -> str:
    r"""Read a name aloud; one that came with the data may be long or broken.

    Examples
    --------
    >>> name("needs_attention"), name("a\n b"), len(name("x" * 10_000))
    ('needs attention', 'a b', 30)
    """
    text = " ".join(identifier.replace("_", " ").split())
    return shortened(text, NAME_CHARACTERS)


def shortened(text: str, room: int) -> str:
    """Cut what is too long.

    Examples
    --------
    >>> shortened("airtime", 7), shortened("airtime", 4)
    ('airtime', 'air…')
    """
    return text if len(text) <= room else f"{text[: room - 1]}…"


def at_most(parts: Sequence[str], limit: int) -> str:
    """List the first few and count the rest.

    Examples
    --------
    >>> at_most(["a", "b", "c", "d"], 2)
    'a, b and 2 more'
    """
    if len(parts) <= limit:
        return listed(parts)
    return listed([*parts[:limit], f"{len(parts) - limit} more"])
