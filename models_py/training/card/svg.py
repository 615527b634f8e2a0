"""Two kinds of picture, drawn as SVG: bars, and dots with intervals.

Text stays text, so it can be read aloud, copied and printed; the same rows give the
same bytes. Colours are of the Okabe and Ito palette and never tell anything alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

BLUE, VERMILION, INK, PLAIN, FAINT = (
    "#0072b2",
    "#b34700",
    "#222222",
    "#666666",
    "#d8d8d8",
)
LINE, TOP, BOTTOM = 20, 6, 26
LABEL_WIDTH, PLOT_WIDTH, NOTE_WIDTH = 170, 240, 120
WIDTH = LABEL_WIDTH + PLOT_WIDTH + NOTE_WIDTH
MOST_LABEL = 26
TICKS = 5
ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Bar:
    """A bar from zero, with a note at the right edge."""

    label: str
    value: float
    note: str


@dataclass(frozen=True)
class Dot:
    """A value with its interval, and another value to compare it with."""

    label: str
    value: float | None
    lower: float | None
    upper: float | None
    other: float | None
    note: str


@dataclass(frozen=True)
class _Scale:
    ticks: Sequence[float]

    def __call__(self, value: float) -> float:
        least, most = self.ticks[0], self.ticks[-1]
        return LABEL_WIDTH + PLOT_WIDTH * (value - least) / (most - least)


def round_ticks(least: float, most: float) -> list[float]:
    """Round numbers, equally far apart, from below `least` to above `most`.

    Examples
    --------
    >>> round_ticks(-1.44, 2.55)
    [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0]
    >>> round_ticks(0.5, 1.0)
    [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    """
    rough = (most - least or 1.0) / TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * s for s in ROUND_STEPS if unit * s >= rough * (1 - 1e-9))
    first, last = math.floor(least / step + 1e-9), math.ceil(most / step - 1e-9)
    return [round(step * i, 9) + 0.0 for i in range(first, max(last, first + 1) + 1)]


def bars(rows: Sequence[Bar], *, title: str, alt: str, unit: str = "decimal") -> str:
    """Horizontal bars, to the left of zero where negative; nothing without rows.

    Examples
    --------
    >>> bars([Bar("low", -0.5, "3 points")], title="WoE", alt="one bar")[:4]
    '<svg'
    """
    if not rows:
        return ""
    values = [0.0, *(row.value for row in rows)]
    scale = _Scale(round_ticks(min(values), max(values)))
    body = []
    for i, row in enumerate(rows):
        y = TOP + i * LINE
        left, right = sorted((scale(0.0), scale(row.value)))
        colour = BLUE if row.value >= 0 else VERMILION
        body += [
            _label(row.label, y),
            f'<rect x="{left:.1f}" y="{y + 4}" width="{right - left:.1f}"'
            f' height="{LINE - 8}" fill="{colour}"/>',
            _note(row.note, y),
        ]
    return _whole(body, len(rows), scale, unit, title, alt, zero=True)


def dots(
    rows: Sequence[Dot],
    *,
    title: str,
    alt: str,
    least: float,
    most: float,
    unit: str = "decimal",
    reference: float | None = None,
) -> str:
    """Dots with intervals; a hollow diamond is the value to compare with.

    Without rows there is nothing.

    Examples
    --------
    >>> rows = [Dot("card", 0.8, 0.7, 0.9, None, "0.800")]
    >>> dots(rows, title="AUC", alt="one dot", least=0.5, most=1.0).count("<circle")
    1
    """
    if not rows:
        return ""
    scale = _Scale(round_ticks(least, most))
    body = []
    if reference is not None:
        x = scale(reference)
        body.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{TOP + LINE * len(rows)}"'
            f' stroke="{VERMILION}" stroke-dasharray="4 3"/>'
        )
    for i, row in enumerate(rows):
        y = TOP + i * LINE
        body += [_label(row.label, y), *_marks(row, scale, y + LINE / 2)]
        body.append(_note(row.note, y))
    return _whole(body, len(rows), scale, unit, title, alt, zero=False)


def _marks(row: Dot, scale: _Scale, y: float) -> Iterable[str]:
    if row.lower is not None and row.upper is not None:
        yield (
            f'<line x1="{scale(row.lower):.1f}" x2="{scale(row.upper):.1f}" y1="{y}"'
            f' y2="{y}" stroke="{INK}" stroke-width="2"/>'
        )
    if row.value is not None:
        yield f'<circle cx="{scale(row.value):.1f}" cy="{y}" r="4.5" fill="{BLUE}"/>'
    if row.other is not None:
        x = scale(row.other)
        yield (
            f'<path d="M{x:.1f} {y - 6}l6 6l-6 6l-6 -6z" fill="none"'
            f' stroke="{VERMILION}" stroke-width="2"/>'
        )


def _whole(
    body: Iterable[str],
    lines: int,
    scale: _Scale,
    unit: str,
    title: str,
    alt: str,
    *,
    zero: bool,
) -> str:
    bottom = TOP + LINE * lines
    axis = []
    for value in scale.ticks:
        x = scale(value)
        axis.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"'
            f' stroke="{FAINT}"/>'
            f'<text x="{x:.1f}" y="{bottom + 14}" text-anchor="middle" font-size="10"'
            f' fill="{PLAIN}">{tick(value, unit)}</text>'
        )
    if zero:
        axis.append(
            f'<line x1="{scale(0.0):.1f}" x2="{scale(0.0):.1f}" y1="{TOP}"'
            f' y2="{bottom}" stroke="{INK}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH}'
        f' {bottom + BOTTOM}" role="img" font-family="inherit" font-size="12">'
        f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
        f"{''.join(axis)}{''.join(body)}</svg>"
    )


def tick(value: float, unit: str) -> str:
    """Write the number of a tick.

    Examples
    --------
    >>> tick(0.25, "share"), tick(0.5, "decimal")
    ('25 %', '0.5')
    """
    return f"{100 * value:g} %" if unit == "share" else f"{value:g}"


def _label(text: str, y: float) -> str:
    short = text if len(text) <= MOST_LABEL else f"{text[: MOST_LABEL - 1]}…"
    return (
        f'<text x="{LABEL_WIDTH - 8}" y="{y + 14}" text-anchor="end" fill="{INK}">'
        f"{escape(short)}</text>"
    )


def _note(text: str, y: float) -> str:
    return (
        f'<text x="{LABEL_WIDTH + PLOT_WIDTH + 10}" y="{y + 14}" fill="{INK}"'
        f' font-size="11">{escape(text)}</text>'
    )
