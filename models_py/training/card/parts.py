"""What a card is made of, and the rule that nothing in it is empty."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from training.errors import TrainingError

Value = Any  # a number, a text, a date or a list of texts
Row = Mapping[str, Value]

NOT_ASSESSED = "not assessed"


@dataclass(frozen=True)
class Column:
    """A column of a table: key in the rows, title, and how values are written.

    One that `has_interval` takes its ends from `key`_lower and `key`_upper.
    """

    key: str
    title: str
    kind: str = "text"
    has_interval: bool = False

    @property
    def keys(self) -> Sequence[str]:
        """What it takes from a row, the value first.

        Examples
        --------
        >>> Column("ks", "KS", has_interval=True).keys
        ['ks', 'ks_lower', 'ks_upper']
        """
        ends = ("_lower", "_upper") if self.has_interval else ()
        return [self.key, *(f"{self.key}{end}" for end in ends)]


@dataclass(frozen=True)
class Table:
    """Rows with raw values; the page writes them by the kinds of the columns."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]

    @property
    def keys(self) -> Sequence[str]:
        """What its columns take from a row."""
        return [key for column in self.columns for key in column.keys]


@dataclass(frozen=True)
class Fact:
    """One value with its name."""

    title: str
    value: Value
    kind: str = "text"


@dataclass(frozen=True)
class Picture:
    """An SVG and the sentence that stands for it."""

    title: str
    alt: str
    svg: str


@dataclass(frozen=True)
class Section:
    """A chapter of the card."""

    name: str
    title: str
    text: Sequence[str]
    facts: Sequence[Fact] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Card:
    """The whole card; `warnings` stand at its head."""

    model_version: str
    headline: str
    warnings: Sequence[str]
    sections: Sequence[Section] = field(default_factory=tuple)


def or_why(value: Value, why: str | None) -> Value:
    """Give the value, or say why there is none; without a cause it stays empty.

    Examples
    --------
    >>> or_why(None, "one class only"), or_why(0.0, "one class only")
    ('not assessed: one class only', 0.0)
    >>> or_why(None, None)
    """
    return f"{NOT_ASSESSED}: {why}" if why and is_empty(value) else value


def rows_or_why(
    rows: Sequence[Row], columns: Sequence[Column], why: str | None
) -> Sequence[Row]:
    """Give the rows, or one that says why there are none, where there is a cause.

    Examples
    --------
    >>> rows_or_why([], [Column("split", "split")], "no train rows")
    [{'split': 'not assessed: no train rows'}]
    """
    if rows or why is None:
        return rows
    return [{column.key: or_why(None, why) for column in columns}]


def is_empty(value: Value) -> bool:
    """Whether a value says nothing.

    Examples
    --------
    >>> [is_empty(v) for v in (None, " ", [], float("nan"), 0, False)]
    [True, True, True, True, False, False]
    """
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, Sequence | Mapping) and not value)


def check_complete(card: Card) -> None:
    """Refuse a card with a field that says nothing.

    Raises
    ------
    TrainingError
        With the place of the first empty field.
    """
    for place, value in _fields(card):
        if is_empty(value):
            raise TrainingError(
                f"the model card of {card.model_version} has nothing at {place}:"
                " run dbt build and python -m training again, or say why it is missing"
            )


def _fields(card: Card) -> Iterator[tuple[str, Value]]:
    yield "model_version", card.model_version
    yield "headline", card.headline
    yield "sections", card.sections
    for section in card.sections:
        yield f"{section.name}.title", section.title
        yield f"{section.name}.text", section.text
        for i, paragraph in enumerate(section.text):
            yield f"{section.name}.text[{i}]", paragraph
        for fact in section.facts:
            yield f"{section.name}.facts.{fact.title}", fact.value
        for picture in section.pictures:
            yield f"{section.name}.pictures.{picture.title}", picture.svg
            yield f"{section.name}.pictures.{picture.title}.alt", picture.alt
        for table in section.tables:
            yield f"{section.name}.{table.name}", table.rows
            for i, row in enumerate(table.rows):
                for key in table.keys:
                    yield f"{section.name}.{table.name}[{i}].{key}", row.get(key)


def as_json(card: Card) -> dict[str, Any]:
    """Plain content of the card, numbers as they are."""
    return {
        "model_version": card.model_version,
        "headline": card.headline,
        "warnings": list(card.warnings),
        "sections": {section.name: _section(section) for section in card.sections},
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "text": list(section.text),
        "facts": {fact.title: plain(fact.value) for fact in section.facts},
        "pictures": {picture.title: picture.alt for picture in section.pictures},
        "tables": {
            table.name: [
                {
                    key: plain(row[key])
                    for column in table.columns
                    for key in column.keys
                }
                for row in table.rows
            ]
            for table in section.tables
        },
    }


def plain(value: Value) -> Value:
    """Write dates as ISO 8601, leave the rest."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def written(value: Value, kind: str) -> str:
    """Write a value as its kind asks; a text stays as it is.

    Examples
    --------
    >>> [written(v, k) for v, k in ((1234, "count"), (0.1234, "share"),
    ...                             (0.1234, "decimal"), (-0.02, "signed"))]
    ['1,234', '12.3 %', '0.123', '-0.020']
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if not isinstance(value, int | float):
        return str(value)
    return FORMATS[kind].format(100 * value if kind == "share" else value)


FORMATS = {
    "text": "{}",
    # Not broken over lines.
    "whole": "{}",
    "count": "{:,.0f}",
    "share": "{:.1f} %",
    "decimal": "{:.3f}",
    "signed": "{:+.3f}",
    "points": "{:.1f}",
}
NUMERIC_KINDS = frozenset(FORMATS) - {"text", "whole"}
