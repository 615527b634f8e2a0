"""How features are distributed, and which say the same."""

import numpy as np

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import BLUE, INK, new_axes, new_figure, signed_log_ticks, tidy

PANELS_PER_LINE = 4
ALIKE_FROM = 0.8
LABELLED_FROM = 0.5


def feature_histograms(rows: Rows, about: About) -> Drawing:
    """Draw one small histogram per feature."""
    features = rows.drop_duplicates("feature")
    lines = -(-len(features) // PANELS_PER_LINE)
    figure = new_figure(0.6 + 1.35 * lines)
    spikes = []
    for place, feature in enumerate(features.itertuples(), start=1):
        bins = rows[rows.feature == feature.feature]
        axes = figure.add_subplot(lines, PANELS_PER_LINE, place)
        tidy(axes)
        # A feature of one value: a thin bar where it is.
        widths = (bins.upper_place - bins.lower_place).where(lambda w: w > 0, 0.05)
        if len(bins) == 1:
            axes.set_xlim(bins.lower_place.iloc[0] - 1, bins.lower_place.iloc[0] + 1)
        shares = bins.customer_count / bins.customer_count.sum()
        axes.bar(bins.lower_place, shares, widths, align="edge", color=BLUE)
        axes.set_title(feature.feature, fontsize=8)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(labelsize=7)
        unit = feature.unit.replace("currency units", about.currency)
        axes.set_xlabel(
            f"{unit}, log" if feature.is_log_scale else unit, fontsize=7, labelpad=1
        )
        if feature.is_log_scale:
            signed_log_ticks(axes, bins.lower_place.min(), bins.upper_place.max())
        if shares.max() > 0.5:
            spikes.append((feature.feature, shares.max()))
    spikes.sort(key=lambda spike: -spike[1])
    parts = [f"{feature} ({words.percent(share)})" for feature, share in spikes]
    sentence = (
        f"Of {words.count(len(features), 'numeric feature')}, {len(spikes)} "
        f"{words.verb(len(spikes), 'has', 'have')} more than half of the customers in "
        f"one of twenty bins: {words.at_most(parts, 4)}; such a feature can tell only "
        "the rest apart."
        if spikes
        else f"None of {words.count(len(features), 'numeric feature')} has more than "
        "half of the customers in one of twenty bins."
    )
    return Drawing(
        figure=figure,
        title="Numeric features at the latest snapshot (share of customers)",
        sentence=sentence,
        alt="Small histograms, one per numeric feature; amounts on log scales.",
    )


def feature_correlations(rows: Rows, about: About) -> Drawing:
    """Draw the lower triangle of the correlation matrix."""
    del about
    names = [
        rows.other_feature.iloc[0],
        *rows.sort_values("position").feature.drop_duplicates(),
    ]
    matrix = np.full((len(names), len(names)), np.nan)
    matrix[rows.position - 1, rows.other_position - 1] = rows.rank_correlation
    figure, axes = new_axes(7.4)
    image = axes.imshow(matrix[1:, :-1], cmap="PuOr", vmin=-1, vmax=1)
    for (below, beside), value in np.ndenumerate(matrix[1:, :-1]):
        if abs(value) >= LABELLED_FROM:
            axes.text(
                beside,
                below,
                f"{value:.1f}".replace("0.", "."),
                ha="center",
                va="center",
                fontsize=7,
                color="white" if abs(value) > 0.75 else INK,
            )
    axes.set_xticks(range(len(names) - 1), names[:-1], rotation=90, fontsize=8)
    axes.set_yticks(range(len(names) - 1), names[1:], fontsize=8)
    figure.colorbar(image, ax=axes, shrink=0.6, label="Spearman's rank correlation")
    known = rows[rows.rank_correlation.notna()]
    if known.empty:
        sentence = "No pair of features varies enough to be compared."
    else:
        alike = known[known.rank_correlation.abs() >= ALIKE_FROM]
        strongest = alike.assign(size=alike.rank_correlation.abs()).nlargest(3, "size")
        parts = [
            f"{r.feature} with {r.other_feature} ({r.rank_correlation:+.2f})"
            for r in strongest.itertuples()
        ]
        sentence = (
            f"{words.few_of(len(alike), len(known), 'pair').capitalize()} "
            f"{words.verb(max(len(alike), 1), 'has', 'have')} a rank correlation of "
            f"{ALIKE_FROM} or more in size"
        )
        sentence += (
            f", closest {words.listed(parts)}: of each such pair a scorecard needs one."
            if parts
            else ": no feature repeats another."
        )
        lost = len(rows) - len(known)
        if lost:
            sentence += (
                f" {words.count(lost, 'pair').capitalize()} cannot be compared, as a "
                "feature has one value."
            )
    return Drawing(
        figure=figure,
        title="Rank correlation of features at the latest snapshot",
        sentence=sentence,
        alt="Triangular heat map of rank correlations between numeric features.",
    )
