"""When customers buy."""

import numpy as np

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    BLUE,
    FAINT,
    WEEKDAYS,
    new_figure,
    short_numbers,
    thousands,
    tidy,
)

FULL_WEEKDAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)


def activity_by_hour_and_weekday(rows: Rows, about: About) -> Drawing:
    """Draw a week as a heat map, with the hours above and the weekdays beside."""
    counts = np.full((7, 24), np.nan)
    days = np.full(7, np.nan)
    for row in rows.itertuples():
        counts[row.local_iso_weekday - 1, row.local_hour] = row.transaction_count
        days[row.local_iso_weekday - 1] = row.day_count
    rates = counts / days[:, None]
    by_hour = np.nansum(counts, axis=0) / np.nansum(days)
    by_weekday = np.nansum(counts, axis=1) / days
    figure = new_figure(4.4)
    grid = figure.add_gridspec(2, 2, height_ratios=(1, 2.2), width_ratios=(5, 1))
    heat = figure.add_subplot(grid[1, 0])
    image = heat.imshow(rates, cmap="Blues", aspect="auto", vmin=0)
    heat.set_xticks(range(0, 24, 3))
    heat.set_yticks(range(7), WEEKDAYS)
    heat.set_xlabel(f"local hour ({about.time_zone})")
    figure.colorbar(image, ax=heat, label="transactions an hour", location="left")
    above = figure.add_subplot(grid[0, 0], sharex=heat)
    tidy(above)
    above.bar(range(24), by_hour, color=BLUE)
    above.set_ylabel("an hour")
    above.tick_params(labelbottom=False)
    beside = figure.add_subplot(grid[1, 1], sharey=heat)
    tidy(beside)
    beside.barh(range(7), np.nan_to_num(by_weekday), color=BLUE)
    beside.set_xlabel("a day")
    beside.tick_params(labelleft=False)
    thousands(above)
    thousands(beside, "x")
    busiest, quietest = int(by_hour.argmax()), int(by_hour.argmin())
    most, least = int(np.nanargmax(by_weekday)), int(np.nanargmin(by_weekday))
    sentence = (
        f"In local time ({about.time_zone}) the hour from {busiest}:00 is the busiest "
        f"({words.amount(by_hour[busiest])} transactions on an average day) and that "
        f"from {quietest}:00 the quietest ({words.amount(by_hour[quietest])})"
    )
    if most == least:
        sentence += f"; all of them are of {FULL_WEEKDAYS[most]}s."
    else:
        sentence += (
            f"; {FULL_WEEKDAYS[most]}s have the most "
            f"({words.amount(by_weekday[most])} a day), {FULL_WEEKDAYS[least]}s the "
            f"fewest ({words.amount(by_weekday[least])})."
        )
    return Drawing(
        figure=figure,
        title="Transactions by hour and weekday",
        sentence=sentence,
        alt="Heat map of transactions an hour by weekday and hour, with bars for each.",
    )


def activity_by_month(rows: Rows, about: About) -> Drawing:
    """Draw transactions a day and value a day for each month."""
    figure = new_figure(3.2)
    names = [f"{r.month_start:%b %Y}\n{r.day_count} d" for r in rows.itertuples()]
    rates = rows.transaction_count / rows.day_count
    panels = (
        (rates, "transactions a day"),
        (rows.total_value / rows.day_count, f"{about.currency} a day"),
    )
    step = -(-len(rows) // 6)
    for place, (heights, label) in enumerate(panels, start=1):
        axes = figure.add_subplot(1, 2, place)
        tidy(axes)
        axes.bar(range(len(rows)), heights, color=BLUE)
        axes.set_xticks(range(0, len(rows), step), names[::step], fontsize=8)
        axes.set_xlabel("local month, days that the data cover")
        axes.set_ylabel(label)
        axes.grid(axis="y", color=FAINT)
        short_numbers(axes)
    most, least = rows.loc[rates.idxmax()], rows.loc[rates.idxmin()]
    highest = words.amount(rates.max())
    sentence = (
        f"{words.count(len(rows), 'month').capitalize()}: "
        f"{most.month_start:%B %Y} is the busiest with {highest} transactions a day, "
        f"{least.month_start:%B %Y} the quietest with {words.amount(rates.min())}; "
        "days that the data do not cover do not count."
        if len(rows) > 1
        else f"The data cover {words.count(most.day_count, 'day')} of one month, "
        f"{most.month_start:%B %Y}, with {highest} transactions a day."
    )
    return Drawing(
        figure=figure,
        title="Activity by month",
        sentence=sentence,
        alt="Two bar charts per month: transactions a day and value a day.",
    )
