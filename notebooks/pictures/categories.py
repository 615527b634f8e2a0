"""How categories are concentrated and which go together."""

import numpy as np

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PLAIN,
    SKY,
    new_axes,
    percents,
)

RANK_COLOURS = (BLUE, SKY, GREEN, ORANGE, PLAIN)
LABELLED_FROM_SHARE = 0.1
CLOSE_FROM = 0.3
# Of the small type that fit into a bar.
CHARACTERS = 70


def category_concentration(rows: Rows, about: About) -> Drawing:
    """Draw each column as one bar, cut into its largest categories."""
    del about
    columns = rows.drop_duplicates("dimension").reset_index(drop=True)
    figure, axes = new_axes(1.1 + 0.6 * len(columns))
    for place, column in enumerate(columns.dimension):
        start = 0.0
        for part in rows[rows.dimension == column].itertuples():
            share = part.transaction_share
            colour = RANK_COLOURS[part.category_rank - 1]
            axes.barh(place, share, left=start, color=colour, edgecolor="white")
            if share >= LABELLED_FROM_SHARE:
                room = int(share * CHARACTERS)
                text = words.shortened(words.name(part.category), room)
                axes.text(
                    start + share / 2,
                    place,
                    f"{text}\n{100 * share:.0f} %",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color="white" if colour in (BLUE, PLAIN) else INK,
                )
            start += share
    axes.set_yticks(
        range(len(columns)),
        [
            f"{words.name(c.dimension)}\n{words.count(c.category_count, 'value')}"
            for c in columns.itertuples()
        ],
    )
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    percents(axes, "x")
    axes.set_xlabel("share of transactions, largest category first")
    constant = columns[columns.category_count == 1].dimension.map(words.name).tolist()
    varied = columns[columns.category_count > 1]
    parts = [
        f"{words.name(c.dimension)} {c.effective_count:.1f} of {c.category_count}"
        for c in varied.itertuples()
    ]
    sentence = (
        f"As concentrated as this many equally large categories: {words.listed(parts)}."
        if parts
        else "No column has more than one category."
    )
    if constant and parts:
        sentence += (
            f" {words.listed(constant).capitalize()} "
            f"{words.verb(len(constant), 'has', 'have')} one value only and "
            f"{words.verb(len(constant), 'tells', 'tell')} customers nothing apart."
        )
    return Drawing(
        figure=figure,
        title="Largest categories of each column",
        sentence=sentence,
        alt="One bar per category column, cut by the share of its largest categories.",
    )


def category_associations(rows: Rows, about: About) -> Drawing:
    """Draw Cramér's V of each pair as a triangle of numbers."""
    del about
    names = list(dict.fromkeys([*rows.category, *rows.other_category]))
    matrix = np.full((len(names), len(names)), np.nan)
    for row in rows.itertuples():
        matrix[names.index(row.other_category), names.index(row.category)] = (
            row.cramers_v
        )
    figure, axes = new_axes(3.2)
    image = axes.imshow(matrix[1:, :-1], cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (below, beside), value in np.ndenumerate(matrix[1:, :-1]):
        if beside <= below:
            axes.text(
                beside,
                below,
                "one value" if np.isnan(value) else f"{value:.2f}",
                ha="center",
                va="center",
                color="white" if value > 0.6 else INK,
            )
    axes.set_xticks(range(len(names) - 1), [words.name(n) for n in names[:-1]])
    axes.set_yticks(range(len(names) - 1), [words.name(n) for n in names[1:]])
    figure.colorbar(image, ax=axes, label="Cramér's V, no unit")
    known = rows[rows.cramers_v.notna()]
    if known.empty:
        sentence = "No pair can be compared: all but one of the columns have one value."
    else:
        strongest = known.loc[known.cramers_v.idxmax()]
        strong = int((known.cramers_v >= CLOSE_FROM).sum())
        sentence = (
            f"The closest pair is {words.name(strongest.category)} with "
            f"{words.name(strongest.other_category)} (Cramér's V "
            f"{strongest.cramers_v:.2f}); {words.few_of(strong, len(known), 'pair')} "
            f"{words.verb(max(strong, 1), 'reaches', 'reach')} {CLOSE_FROM:.2f}."
        )
    return Drawing(
        figure=figure,
        title="Association of categories",
        sentence=sentence,
        alt="Triangle of Cramér's V for each pair of categorical columns.",
    )
