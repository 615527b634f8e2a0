"""How much of the proxy label hangs on choices that could have been others."""

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    BLUE,
    FAINT,
    ORANGE,
    bar_axes,
    legend_above,
    percents,
)


def label_stability(rows: Rows, about: About) -> Drawing:
    """Draw the share labelled otherwise per scenario, bootstraps as a range."""
    del about
    names = list(dict.fromkeys(_scenario(row) for row in rows.itertuples()))
    figure, axes = bar_axes(len(names))
    sides = (
        (True, BLUE, "o", -0.1, "all customers"),
        (False, ORANGE, "^", 0.1, "without those who bought nothing"),
    )
    for is_inactive_included, colour, marker, offset, label in sides:
        part = rows[rows.is_inactive_included == is_inactive_included]
        places = [names.index(_scenario(row)) + offset for row in part.itertuples()]
        axes.hlines(places, part.lowest_flip_rate, part.highest_flip_rate, color=colour)
        axes.plot(
            part.median_flip_rate, places, marker, color=colour, ls="", label=label
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(-0.01, max(0.05, rows.highest_flip_rate.max() * 1.1))
    axes.grid(axis="x", color=FAINT)
    axes.set_xlabel(
        "share labelled otherwise than by three clusters; line: least to most"
    )
    percents(axes, "x")
    legend_above(axes)
    every, active = (
        _changes(rows[rows.is_inactive_included == included])
        for included in (True, False)
    )
    sentence = f"Over all customers, {every}"
    sentence += f"; without those who bought nothing, {active}." if active else "."
    return Drawing(
        figure=figure,
        title="Stability of the proxy label",
        sentence=sentence,
        alt="Points per scenario: share of customers that it labels otherwise.",
    )


def _scenario(row: Rows) -> str:
    if row.is_redrawn:
        return f"{row.cluster_count} clusters, redrawn {row.scenario_count} times"
    return f"{row.cluster_count} clusters"


def _changes(rows: Rows) -> str:
    """Say how far each kind of change goes at most."""
    causes = {True: "redrawing them", False: "another number of clusters"}
    highest = rows.groupby("is_redrawn").highest_flip_rate.max()
    return words.listed(
        [
            f"{cause} changes at most {words.percent(highest[is_redrawn])} of labels"
            for is_redrawn, cause in causes.items()
            if is_redrawn in highest
        ]
    )
