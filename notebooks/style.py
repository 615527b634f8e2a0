"""How the pictures look: one hand for all, readable in print and by everyone.

Colours are of the Okabe and Ito palette, which people who see few colours can tell
apart; nothing is told by colour alone.
"""

from collections.abc import Callable, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

# A dollar sign in a category is a dollar sign.
mpl.rcParams["text.parse_math"] = False

DOTS_PER_INCH = 110
WIDTH_INCHES, HIGHEST_INCHES = 8.0, 9.0
LEAST_BARS = 3
FEW_DECADES, LABELLED = 100, ("2.000000", "5.000000")
BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
SKY, PINK, YELLOW = "#56b4e9", "#cc79a7", "#f0e442"
INK, PLAIN, FAINT = "#222222", "#777777", "#dddddd"
LOW_RISK, HIGH_RISK = BLUE, VERMILION
SPLITS = ("train", "embargo", "test", "open", "score")
SEGMENT_COLOURS = {
    "champions": GREEN,
    "loyal": BLUE,
    "promising": SKY,
    "new": PINK,
    "needs_attention": YELLOW,
    "at_risk": ORANGE,
    "hibernating": VERMILION,
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def new_figure(height_inches: float) -> Figure:
    """Make an empty figure of the common width."""
    figure = Figure(
        figsize=(WIDTH_INCHES, height_inches), dpi=DOTS_PER_INCH, layout="constrained"
    )
    FigureCanvasAgg(figure)
    return figure


def new_axes(height_inches: float) -> tuple[Figure, Axes]:
    """Make a figure with one pair of axes."""
    figure = new_figure(height_inches)
    axes = figure.add_subplot()
    tidy(axes)
    return figure, axes


def tidy(axes: Axes) -> None:
    """Keep the two lines that carry numbers."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)


def bar_axes(bars: int) -> tuple[Figure, Axes]:
    """Make room for horizontal bars at 0, 1, …, the first on top."""
    places = max(bars, LEAST_BARS)
    figure, axes = new_axes(min(1.1 + 0.3 * places, HIGHEST_INCHES))
    axes.set_ylim(places - 0.5, -0.5)
    return figure, axes


def thousands(axes: Axes, which: str = "y") -> None:
    """Write counts with commas, and only whole ones."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def percents(axes: Axes, which: str = "y") -> None:
    """Write shares as per cent."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(_percent_tick))


def _percent_tick(value: float, place: int | None) -> str:
    del place
    # Room beyond the whole is for what is written there.
    return f"{100 * value:.4g} %" if value < 1.001 else ""


def short_numbers(axes: Axes) -> None:
    """Write the numbers of the y axis in a few characters."""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))


def legend_above(axes: Axes, handles: Sequence[Artist] | None = None) -> None:
    """Put the legend where no data can be."""
    axes.legend(
        handles=handles or axes.get_legend_handles_labels()[0],
        frameon=False,
        fontsize=8,
        ncols=3,
        loc="lower left",
        bbox_to_anchor=(0, 1),
    )


def dates(axes: Axes) -> None:
    """Write the dates of the x axis once, and what differs at each tick."""
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]
    )


def signed_log_ticks(axes: Axes, lowest: float, highest: float) -> None:
    """Label an axis of sign(x) · ln(1 + |x|) with the values themselves."""
    reach = np.expm1(max(abs(lowest), abs(highest)))
    powers = [10.0**k for k in range(1, 16) if 10.0**k <= reach * 1.05]
    step = max(1, -(-len(powers) // (2 if lowest < 0 else 3)))
    shown = powers[step - 1 :: step]
    values = sorted({0.0, *shown, *(-v for v in shown)}) if shown else [0.0, 1.0, 3.0]
    kept = [v for v in values if lowest - 0.5 <= _signed_log(v) <= highest + 0.5]
    axes.xaxis.set_major_locator(FixedLocator([_signed_log(v) for v in kept]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([short_number(v) for v in kept])


def short_number(value: float) -> str:
    """Write a number in a few characters.

    Examples
    --------
    >>> short_number(0), short_number(1000), short_number(-2e7), short_number(30)
    ('0', '1k', '-20M', '30')
    """
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def log_amounts(axes: Axes, which: str = "x") -> None:
    """Give an axis a log scale that is labelled in short numbers."""
    scale, axis = (
        (axes.set_xscale, axes.xaxis) if which == "x" else (axes.set_yscale, axes.yaxis)
    )
    scale("log")
    axis.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))
    axis.set_minor_formatter(FuncFormatter(lambda value, _: _minor(value, axis)))


def label_bars(
    axes: Axes, widths: Sequence[float], text: Callable[[int], str], start: float = 0.0
) -> None:
    """Write at the end of each horizontal bar."""
    for index, width in enumerate(widths):
        axes.annotate(
            text(index),
            (max(width, start), index),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK,
        )


def _minor(value: float, axis: Axis) -> str:
    """Label 2 and 5 where an axis has hardly a power of ten."""
    lowest, highest = axis.get_view_interval()
    is_shown = f"{value:e}"[:8] in LABELLED and highest < FEW_DECADES * lowest
    return short_number(value) if is_shown else ""


def _signed_log(value: float) -> float:
    return float(np.sign(value) * np.log1p(abs(value)))
