"""How amounts and customers are spread, and what stands out."""

import numpy as np
from matplotlib.axes import Axes

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    BLUE,
    FAINT,
    INK,
    ORANGE,
    PLAIN,
    VERMILION,
    bar_axes,
    legend_above,
    log_amounts,
    new_axes,
    new_figure,
    percents,
    thousands,
    tidy,
)

# One power of ten, as the analysis has five bins in it.
LARGEST_BINS = 5


def amount_histogram(rows: Rows, about: About) -> Drawing:
    """Draw debits and credits over the logarithm of their size."""
    figure, axes = new_axes(3.6)
    sentences = []
    directions = (
        (False, "debits", BLUE, "-"),
        (True, "credits", ORANGE, "--"),
    )
    for is_credit, noun, colour, line in directions:
        bins = rows[rows.is_credit == is_credit]
        if bins.empty:
            sentences.append(f"There are no {noun}.")
            continue
        _stairs(axes, bins, bins.transaction_count, colour, line, noun)
        fullest = bins.loc[bins.transaction_count.idxmax()]
        largest = bins.tail(LARGEST_BINS)
        count, value = (
            largest[column].sum() / bins[column].sum()
            for column in ("transaction_count", "total_value")
        )
        sentences.append(
            f"{noun.capitalize()} ({bins.transaction_count.sum():,}) lie between "
            f"{words.amount(bins.lower_bound.min())} and "
            f"{words.amount(bins.upper_bound.max())} {about.currency}, most often "
            f"from {words.amount(fullest.lower_bound)} to "
            f"{words.amount(fullest.upper_bound)}; those from "
            f"{words.amount(largest.lower_bound.min())} on are {words.percent(count)} "
            f"of them and {words.percent(value)} of their value."
        )
    log_amounts(axes)
    log_amounts(axes, "y")
    axes.set_ylim(0.7)
    axes.grid(color=FAINT)
    axes.set_xlabel(f"size of the amount, {about.currency}, log scale")
    axes.set_ylabel("transactions per bin, log scale")
    legend_above(axes)
    return Drawing(
        figure=figure,
        title="Sizes of debits and credits",
        sentence=" ".join(sentences),
        alt="Histogram of the size of amounts, debits and credits, both axes log.",
    )


def _stairs(
    axes: Axes,
    bins: Rows,
    heights: Rows,
    colour: str,
    line: str,
    label: str,
) -> None:
    """Draw a histogram whose empty bins are gaps."""
    by_bin = dict(zip(bins.bin_index, heights, strict=True))
    first, last = min(by_bin), max(by_bin)
    width = (bins.upper_bound / bins.lower_bound).iloc[0]
    edges = bins.lower_bound.min() * width ** np.arange(last - first + 2)
    values = [by_bin.get(index, 0) for index in range(first, last + 1)]
    axes.stairs(values, edges, color=colour, lw=2, ls=line, label=label)
    axes.stairs(values, edges, color=colour, fill=True, alpha=0.15)


def customer_histogram(rows: Rows, about: About) -> Drawing:
    """Draw transactions and value per customer over their logarithm."""
    figure = new_figure(3.4)
    nouns = {"transaction_count": "transactions", "total_value": about.currency}
    parts = []
    for place, (measure, noun) in enumerate(nouns.items(), start=1):
        axes = figure.add_subplot(1, 2, place)
        tidy(axes)
        bins = rows[rows.measure == measure]
        log_amounts(axes)
        thousands(axes)
        axes.set_xlabel(f"{noun} per customer, log scale")
        axes.set_ylabel("customers per bin")
        if bins.empty:
            continue
        _stairs(axes, bins, bins.customer_count, BLUE, "-", noun)
        median, highest = bins.median_value.iloc[0], bins.max_value.iloc[0]
        axes.axvline(median, color=INK, ls=":")
        axes.annotate(
            f" median {words.amount(median)}",
            (median, 1),
            xycoords=("data", "axes fraction"),
            va="top",
            fontsize=8,
        )
        parts.append(
            f"the median customer has {words.amount(median)} {noun} and the largest "
            f"{words.amount(highest)}, {words.amount(highest / median)} times as much"
        )
    sentence = "; ".join(parts)
    return Drawing(
        figure=figure,
        title="Customers by transactions and value",
        sentence=f"Over the whole period {sentence}.",
        alt="Two histograms on log scales: transactions and value per customer.",
    )


def value_concentration(rows: Rows, about: About) -> Drawing:
    """Draw the share of value against the share of customers, largest first."""
    del about
    figure, axes = new_axes(4.0)
    customers = np.concatenate([[0.0], rows.customer_share])
    value = np.concatenate([[0.0], rows.value_share])
    axes.plot([0, 1], [0, 1], color=PLAIN, ls=":")
    axes.plot(customers, value, color=BLUE, lw=2)
    axes.fill_between(customers, customers, value, color=BLUE, alpha=0.12)
    axes.set_xlabel("share of customers, those with the most value first")
    axes.set_ylabel("share of value")
    percents(axes, "x")
    percents(axes)
    axes.grid(color=FAINT)
    parts = []
    for share in (0.01, 0.1, 0.5):
        reached = float(np.interp(share, customers, value))
        axes.plot(share, reached, "o", color=VERMILION)
        axes.annotate(
            f"{100 * share:.0f} % → {100 * reached:.0f} %",
            (share, reached),
            xytext=(8, -10),
            textcoords="offset points",
            fontsize=8,
        )
        parts.append(f"{100 * share:.0f} % bring {words.percent(reached)}")
    return Drawing(
        figure=figure,
        title="Concentration of value",
        sentence=(
            f"Of {words.count(rows.customer_count.iloc[0], 'customer')}, the top "
            f"{words.listed(parts)} of the value (Gini coefficient "
            f"{rows.gini.iloc[0]:.2f}; 0 if all brought the same)."
        ),
        alt="Curve of the cumulative share of value over the share of customers.",
    )


def amount_spread_by_category(rows: Rows, about: About) -> Drawing:
    """Draw box plots from the quantiles, on a log scale."""
    figure, axes = bar_axes(len(rows))
    boxes = [
        {"whislo": r.p01, "q1": r.p25, "med": r.p50, "q3": r.p75, "whishi": r.p99}
        for r in rows.itertuples()
    ]
    axes.bxp(
        boxes,
        positions=range(len(rows)),
        orientation="horizontal",
        showfliers=False,
        widths=0.6,
        patch_artist=True,
        boxprops={"facecolor": "#bcd7ea", "edgecolor": BLUE},
        medianprops={"color": INK, "lw": 2},
    )
    axes.plot(rows.highest, range(len(rows)), "D", color=VERMILION, ms=5)
    axes.set_yticks(
        range(len(rows)),
        [
            f"{words.name(r.product_category)} ({r.transaction_count:,})"
            for r in rows.itertuples()
        ],
    )
    log_amounts(axes)
    axes.grid(axis="x", color=FAINT)
    axes.set_xlabel(
        f"size of the amount, {about.currency}, log scale: box quartiles, whiskers "
        "1 % and 99 %, diamond largest",
        fontsize=9,
    )
    total, outliers = rows.transaction_count.sum(), rows.outlier_count.sum()
    farthest = rows.loc[(rows.highest / rows.p50).idxmax()]
    sentence = (
        f"{words.count(outliers, 'transaction').capitalize()} of {total:,} "
        f"{words.verb(outliers, 'lies', 'lie')} beyond the upper fence of "
        f"{words.verb(outliers, 'its', 'their')} category; the farthest out "
        f"is in {words.name(farthest.product_category)}: "
        f"{words.amount(farthest.highest)} {about.currency}, "
        f"{words.amount(farthest.highest / farthest.p50)} times the category's median."
    )
    return Drawing(
        figure=figure,
        title="Amounts by product category (transactions)",
        sentence=sentence,
        alt="Box plots of the size of amounts per product category, on a log scale.",
    )
