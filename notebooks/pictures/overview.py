"""What the data cover, and which days the snapshots read."""

from matplotlib.patches import Patch

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
    SPLITS,
    bar_axes,
    dates,
    legend_above,
    new_axes,
    thousands,
)

LABELS_AT_MOST = 30


def transactions_by_day(rows: Rows, about: About) -> Drawing:
    """Draw the daily count and its mean of seven days."""
    figure, axes = new_axes(3.2)
    axes.plot(rows.local_date, rows.transaction_count, color=PLAIN, lw=0.8)
    axes.plot(rows.local_date, rows.mean_of_seven_days, color=BLUE, lw=2)
    axes.set_ylim(0)
    axes.grid(axis="y", color=FAINT)
    axes.set_ylabel("transactions a day")
    axes.set_xlabel(f"local day ({about.time_zone}); blue: mean of the last 7 days")
    dates(axes)
    thousands(axes)
    counts = rows.set_index("local_date").transaction_count
    empty = int((counts == 0).sum())
    gaps = f"{words.count(empty, 'day')} have none" if empty > 1 else "one day has none"
    if len(counts) == 1:
        sentence = (
            f"All {words.count(counts.iloc[0], 'transaction')} are of one day, "
            f"{words.day(counts.index[0])}."
        )
    else:
        sentence = (
            f"From {words.day(counts.index[0])} to {words.day(counts.index[-1])}, "
            f"{words.count(len(counts), 'day')} carry "
            f"{words.count(counts.sum(), 'transaction')}: "
            f"{words.amount(counts.mean())} a day on average, fewest on "
            f"{words.day(counts.idxmin())} ({counts.min():,.0f}) and most on "
            f"{words.day(counts.idxmax())} ({counts.max():,.0f}); "
            f"{gaps if empty else 'every day has some'}."
        )
    return Drawing(
        figure=figure,
        title="Transactions per day",
        sentence=sentence,
        alt="Line chart of transactions per day with a seven-day mean.",
    )


def snapshot_windows(rows: Rows, about: About) -> Drawing:
    """Draw each snapshot's windows as two bars that meet at it."""
    del about
    figure, axes = bar_axes(len(rows))
    for place, row in enumerate(rows.itertuples()):
        is_closed = row.outcome_end <= row.data_end
        before = row.snapshot_date - row.observation_start
        after = row.outcome_end - row.snapshot_date
        axes.barh(place, before, left=row.observation_start, color=BLUE, height=0.6)
        axes.barh(
            place,
            after,
            left=row.snapshot_date,
            height=0.6,
            facecolor=ORANGE if is_closed else "none",
            edgecolor=ORANGE,
            hatch="" if is_closed else "////",
        )
    step = -(-len(rows) // LABELS_AT_MOST)
    shown = rows.iloc[::step]
    axes.set_yticks(
        shown.index,
        [f"{r.snapshot_date:%Y-%m-%d}  {r.split}" for r in shown.itertuples()],
    )
    for place, customers in shown.customer_count.items():
        axes.annotate(
            f"{customers:,}",
            (1, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=8,
        )
    axes.axvline(rows.data_end.iloc[0], color=INK, linestyle=":")
    axes.set_xlabel("day; dotted: end of the data; right: eligible customers")
    dates(axes)
    legend_above(
        axes,
        [
            Patch(color=BLUE, label="features read"),
            Patch(color=ORANGE, label="label reads"),
            Patch(fc="none", ec=ORANGE, hatch="////", label="not over yet: no label"),
        ],
    )
    return Drawing(
        figure=figure,
        title="Observation and outcome windows",
        sentence=_snapshot_sentence(rows),
        alt=(
            "Timeline with one line per snapshot: the observation window before it "
            "and the outcome window after it."
        ),
    )


def _snapshot_sentence(rows: Rows) -> str:
    counts = rows.split.value_counts()
    order = [split for split in SPLITS if split in counts]
    splits = words.listed([f"{counts[split]} {split}" for split in order])
    fewest, most = (f"{n:,}" for n in rows.customer_count.agg(["min", "max"]))
    sentence = (
        f"{words.count(len(rows), 'snapshot').capitalize()} "
        f"({splits}) with {words.span(fewest, most)} eligible customers; "
    )
    train, test = rows[rows.split == "train"], rows[rows.split == "test"]
    if train.empty or test.empty:
        return (
            sentence + "the data are too short for a train and a test snapshot, "
            "so nothing can be trained on them."
        )
    test_date = test.snapshot_date.min()
    gap = (test_date - train.outcome_end.max()).days
    ends = f"{words.count(gap, 'day')} before" if gap else "just at"
    return (
        f"{sentence}the last train label ends {ends} the test snapshot of "
        f"{words.day(test_date)}; features never reach past their snapshot."
    )
