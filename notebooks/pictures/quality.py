"""What was rejected, what is missing, what deserves a second look."""

from matplotlib.axes import Axes

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    BLUE,
    PLAIN,
    VERMILION,
    bar_axes,
    label_bars,
    log_amounts,
    new_figure,
    percents,
    tidy,
)

MEANING_OF_GRAIN = {
    "transaction": "columns of transactions",
    "customer": "features of customers",
}
COLUMNS_AT_MOST = 12


def input_rows_by_fate(rows: Rows, about: About) -> Drawing:
    """Draw accepted and rejected rows on one log scale."""
    del about
    figure, axes = bar_axes(len(rows))
    colours = [BLUE if accepted else VERMILION for accepted in rows.is_accepted]
    axes.barh(rows.fate, rows.row_count.clip(lower=0.5), color=colours)
    label_bars(axes, rows.row_count, lambda i: f"{rows.row_count.iloc[i]:,}", start=0.5)
    log_amounts(axes)
    axes.set_xlim(0.5, max(rows.row_count.max(), 1) * 6)
    axes.set_xlabel("input rows, log scale")
    rejected = rows[~rows.is_accepted]
    total, lost = rows.row_count.sum(), rejected.row_count.sum()
    if rejected.empty:
        sentence = (
            f"Every one of {words.count(total, 'input row')} was accepted; "
            "none was rejected."
        )
    else:
        reasons = [f"{r.row_count:,} {r.fate}" for r in rejected.itertuples()]
        sentence = (
            f"Of {words.count(total, 'input row')}, {total - lost:,} were accepted "
            f"and {lost:,} rejected ({words.percent(lost / total)}): "
            f"{words.at_most(reasons, 3)}."
        )
    return Drawing(
        figure=figure,
        title="Input rows, accepted and rejected",
        sentence=sentence,
        alt="Bar chart on a log scale: rows accepted, and rejected by reason.",
    )


def missing_values(rows: Rows, about: About) -> Drawing:
    """Draw the share missing for the columns where any is."""
    del about
    incomplete = rows[rows.missing_count > 0]
    longest = max([0, *incomplete.grain.value_counts()])
    figure = new_figure(1.6 + 0.25 * min(longest, COLUMNS_AT_MOST))
    sentences = []
    for place, (grain, meaning) in enumerate(MEANING_OF_GRAIN.items(), start=1):
        axes = figure.add_subplot(1, 2, place)
        tidy(axes)
        axes.set_title(meaning, fontsize=9)
        columns = rows[rows.grain == grain]
        sentences.append(_draw_missing(axes, columns, meaning))
    return Drawing(
        figure=figure,
        title="Missing values",
        sentence=" ".join(sentences),
        alt="Two bar charts of the share of missing values per column.",
    )


def _draw_missing(axes: Axes, columns: Rows, meaning: str) -> str:
    shares = (columns.missing_count / columns.row_count).set_axis(columns.column_name)
    shares = shares[shares > 0].sort_values(ascending=False)
    if shares.empty:
        axes.text(0.5, 0.5, "nothing is missing", ha="center", transform=axes.transAxes)
        axes.set_axis_off()
        return f"All {len(columns)} {meaning} are complete: no value is missing."
    shown = shares.head(COLUMNS_AT_MOST)
    axes.barh(shown.index, shown, color=PLAIN)
    label_bars(axes, shown, lambda i: words.percent(shown.iloc[i]))
    axes.invert_yaxis()
    axes.set_xlim(0, shown.max() * 1.35)
    percents(axes, "x")
    axes.set_xlabel("share missing")
    parts = [f"{column} ({words.percent(share)})" for column, share in shares.items()]
    return (
        f"Of the {len(columns)} {meaning}, {len(shares)} "
        f"{words.verb(len(shares), 'has', 'have')} missing values: "
        f"{words.at_most(parts, 3)}."
    )


def quality_checks(rows: Rows, about: About) -> Drawing:
    """Draw how many rows each finding concerns."""
    del about
    figure, axes = bar_axes(len(rows))
    total = rows.row_count.max()
    shares = rows.concerned_count / rows.row_count
    axes.barh(rows.finding, rows.concerned_count.clip(lower=0.5), color=PLAIN)
    label_bars(
        axes,
        rows.concerned_count,
        lambda i: (
            f"{rows.concerned_count.iloc[i]:,.0f} ({words.percent(shares.iloc[i])})"
        ),
        start=0.5,
    )
    log_amounts(axes)
    axes.set_xlim(0.5, max(total, 1) * 20)
    axes.set_xlabel("transactions, log scale")
    found = rows[rows.concerned_count > 0]
    parts = [
        f"{words.percent(r.concerned_count / r.row_count)} {r.finding}"
        for r in found.itertuples()
    ]
    parts += [f"no {finding}" for finding in rows[rows.concerned_count == 0].finding]
    sentence = (
        f"Among {words.count(total, 'accepted transaction')} there are "
        f"{words.listed(parts)}."
    )
    return Drawing(
        figure=figure,
        title="Transactions worth a second look",
        sentence=sentence,
        alt="Bar chart of transactions per finding, on a log scale.",
    )
