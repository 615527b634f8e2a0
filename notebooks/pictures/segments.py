"""RFM segments."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    FAINT,
    INK,
    ORANGE,
    PLAIN,
    SEGMENT_COLOURS,
    legend_above,
    new_axes,
    percents,
)


def rfm_grid(rows: Rows, about: About) -> Drawing:
    """Draw recency by frequency, coloured by segment, darker with more customers."""
    del about
    figure, axes = new_axes(5.2)
    size = int(rows.recency_score.max())
    fullest = rows.customer_share.max()
    for row in rows.itertuples():
        strength = 0.15 + 0.85 * row.customer_share / fullest
        colour = np.array(to_rgb(SEGMENT_COLOURS.get(row.segment, PLAIN)))
        corner = (row.recency_score - 0.5, row.frequency_score - 0.5)
        face = tuple(1 - strength * (1 - colour))
        axes.add_patch(Rectangle(corner, 1, 1, facecolor=face, edgecolor="white", lw=2))
        share = words.percent(row.customer_share)
        axes.text(
            row.recency_score,
            row.frequency_score,
            f"{words.name(row.segment or 'no segment')}\n{share}",
            ha="center",
            va="center",
            fontsize=8,
            color=INK,
        )
    axes.set_xlim(0.5, size + 0.5)
    axes.set_ylim(0.5, size + 0.5)
    axes.set_xticks(range(1, size + 1))
    axes.set_yticks(range(1, size + 1))
    axes.set_xlabel(f"recency score (1 longest ago, {size} most recent)")
    axes.set_ylabel(f"frequency score (1 fewest transactions, {size} most)")
    axes.spines[:].set_visible(False)
    shares = rows.groupby("segment").customer_share.sum().sort_values(ascending=False)
    cell = rows.loc[rows.customer_share.idxmax()]
    empty = int((rows.customer_count == 0).sum())
    parts = [f"{words.name(s)} {words.percent(share)}" for s, share in shares.items()]
    sentence = (
        f"Of {words.count(rows.customer_count.sum(), 'customer')} at the snapshot of "
        f"{words.day(rows.snapshot_date.iloc[0])}: {words.listed(parts)}. The fullest "
        f"cell is recency {cell.recency_score}, frequency {cell.frequency_score} with "
        f"{words.percent(cell.customer_share)}, a median of "
        f"{cell.median_transaction_count:,.0f} "
        f"{words.verb(cell.median_transaction_count, 'transaction', 'transactions')} "
        f"and {words.amount(cell.median_recency_days)} days since the last one"
    )
    sentence += f"; {words.count(empty, 'cell')} of {len(rows)} "
    sentence += f"{words.verb(empty, 'is', 'are')} empty."
    return Drawing(
        figure=figure,
        title="RFM segments by recency and frequency",
        sentence=sentence,
        alt="Grid of recency by frequency scores, coloured and named by segment.",
    )


def rfm_segment_value(rows: Rows, about: About) -> Drawing:
    """Draw each segment's share of customers beside its share of value."""
    figure, axes = new_axes(1.1 + 0.6 * max(len(rows), 2))
    places = np.arange(len(rows))
    panels = (
        (rows.customer_share, -0.2, PLAIN, "", "customers"),
        (rows.value_share.fillna(0), 0.2, ORANGE, "//", "value"),
    )
    for shares, offset, colour, hatch, label in panels:
        axes.barh(
            places + offset,
            shares,
            0.4,
            facecolor=colour,
            edgecolor="white",
            hatch=hatch,
            label=f"share of {label}",
        )
        for place, share in zip(places + offset, shares, strict=True):
            axes.text(
                share + 0.005, place, words.percent(share), va="center", fontsize=8
            )
    axes.set_yticks(
        places,
        [f"{words.name(r.segment)} ({r.customer_count:,})" for r in rows.itertuples()],
    )
    axes.invert_yaxis()
    axes.set_xlim(
        0, min(1.1, rows[["customer_share", "value_share"]].max().max() * 1.2)
    )
    axes.grid(axis="x", color=FAINT)
    axes.set_xlabel("share of all eligible customers, and of their value")
    legend_above(axes)
    percents(axes, "x")
    best = rows.loc[rows.value_share.fillna(0).idxmax()]
    last = rows.iloc[0]
    sentence = (
        f"{words.name(best.segment).capitalize()} are "
        f"{words.percent(best.customer_share)} of the customers and bring "
        f"{words.percent(best.value_share)} of the value, a median of "
        f"{words.amount(best.median_total_value)} {about.currency} each"
    )
    sentence += (
        "."
        if last.segment == best.segment
        else f"; the largest segment, {words.name(last.segment)}, is "
        f"{words.percent(last.customer_share)} of the customers with "
        f"{words.percent(last.value_share)} of the value and a median of "
        f"{words.amount(last.median_total_value)}."
    )
    return Drawing(
        figure=figure,
        title="Customers and value by RFM segment",
        sentence=sentence,
        alt="Paired bars per RFM segment: share of customers and share of value.",
    )
