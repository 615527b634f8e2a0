"""What the label means: how often it occurs, and what it is near to."""

import numpy as np

from notebooks import words
from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.style import (
    BLUE,
    FAINT,
    HIGH_RISK,
    INK,
    LOW_RISK,
    PLAIN,
    bar_axes,
    legend_above,
    log_amounts,
    new_axes,
    new_figure,
    percents,
    tidy,
)
from training.examples import INACTIVITY_AGREEMENT, INACTIVITY_TARGET

LABELS_AT_MOST = 8


def label_by_snapshot(rows: Rows, about: About) -> Drawing:
    """Draw rates over the snapshots, and below them the agreement."""
    figure = new_figure(4.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    tidy(above)
    tidy(below)
    dates = rows.snapshot_date
    above.plot(dates, rows.event_rate, "o-", color=HIGH_RISK, label=about.risk)
    above.plot(
        dates, rows.inactive_rate, "s--", color=INK, mfc="none", ms=9, label="inactive"
    )
    above.plot(
        dates,
        rows.same_window_event_rate,
        "^:",
        color=PLAIN,
        label="circular label, for comparison",
    )
    above.set_ylim(0, 1.05 * max(0.1, *_rates(rows)))
    above.set_ylabel("share of customers")
    legend_above(above)
    below.plot(dates, rows.agreement_with_inactivity, "o-", color=BLUE)
    below.axhline(INACTIVITY_AGREEMENT, color=INK, ls=":")
    lowest = min(rows.agreement_with_inactivity.min(), INACTIVITY_AGREEMENT)
    below.set_ylim(max(0.0, lowest - 0.02), 1.005)
    below.set_ylabel("agreement")
    below.set_xlabel(
        f"snapshot and split; dotted: above it the target is called {INACTIVITY_TARGET}"
    )
    shown = rows.iloc[:: -(-len(rows) // LABELS_AT_MOST)]
    below.set_xticks(
        shown.snapshot_date,
        [f"{r.snapshot_date:%Y-%m-%d}\n{r.split}" for r in shown.itertuples()],
        fontsize=8,
    )
    for axes in (above, below):
        axes.grid(axis="y", color=FAINT)
        percents(axes)
    agreement = rows.agreement_with_inactivity
    shares = [words.percent(s) for s in rows.event_rate.agg(["min", "max"])]
    agreements = [words.percent(s) for s in agreement.agg(["min", "max"])]
    limit = words.percent(INACTIVITY_AGREEMENT)
    meaning = (
        f"above {limit} everywhere, so the target is named {INACTIVITY_TARGET}"
        if agreement.min() > INACTIVITY_AGREEMENT
        else f"not above {limit} everywhere, so it says more than inactivity"
    )
    return Drawing(
        figure=figure,
        title="Label and inactivity by snapshot",
        sentence=(
            f"By snapshot, {words.span(*shares)} of customers are labelled "
            f"{about.risk}; "
            'the label equals "no transaction in the outcome window" for '
            f"{words.span(*agreements)} of them, {meaning}. {about.caveat}"
        ),
        alt=(
            "Lines over the snapshots: share with the label, share inactive, circular "
            "label, and below them their agreement."
        ),
    )


def _rates(rows: Rows) -> list[float]:
    columns = ["event_rate", "inactive_rate", "same_window_event_rate"]
    return [float(rows[column].max()) for column in columns]


def label_against_inactivity(rows: Rows, about: About) -> Drawing:
    """Draw the four cells of label by inactivity, as areas of a square table."""
    figure, axes = new_axes(3.2)
    shares = np.zeros((2, 2))
    counts = np.zeros((2, 2))
    for row in rows.itertuples():
        cell = (1 - int(row.is_high_risk), 1 - int(row.is_inactive))
        shares[cell], counts[cell] = row.customer_share, row.customer_count
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for cell, share in np.ndenumerate(shares):
        axes.text(
            cell[1],
            cell[0],
            f"{counts[cell]:,.0f}\n{words.percent(share)}",
            ha="center",
            va="center",
            color="white" if share > 0.6 else INK,
        )
    axes.set_xticks([0, 1], ["bought nothing", "bought"])
    axes.set_yticks([0, 1], [about.risk, f"not {about.risk}"])
    axes.set_xlabel("in the outcome window (customers, share of all)")
    same, total = counts[0, 0] + counts[1, 1], counts.sum()
    return Drawing(
        figure=figure,
        title=f"Label against inactivity, {rows.snapshot_date.iloc[0]:%Y-%m-%d}",
        sentence=(
            f"For {same:,.0f} of {words.count(total, 'customer')} "
            f"({words.percent(same / total)}) the label says just whether they bought; "
            f"{words.count(counts[0, 1], 'customer')} bought and "
            f"{words.verb(counts[0, 1], 'is', 'are')} labelled {about.risk}, "
            f"{words.count(counts[1, 0], 'customer')} bought nothing and "
            f"{words.verb(counts[1, 0], 'is', 'are')} not. {about.caveat}"
        ),
        alt="Table of two by two: label against inactivity in the outcome window.",
    )


def outcome_counts_by_label(rows: Rows, about: About) -> Drawing:
    """Draw the outcome counts of both labels side by side."""
    figure, axes = new_axes(3.4)
    groups = rows.drop_duplicates("group_index")
    sides = (
        (True, about.risk, HIGH_RISK, -0.2, "//"),
        (False, f"not {about.risk}", LOW_RISK, 0.2, ""),
    )
    for is_high_risk, label, colour, offset, hatch in sides:
        part = rows[rows.is_high_risk == is_high_risk]
        axes.bar(
            part.group_index + offset,
            part.customer_count,
            0.4,
            facecolor=colour,
            edgecolor="white",
            hatch=hatch,
            label=label,
        )
    axes.set_xticks(
        groups.group_index,
        [_group_name(g) for g in groups.itertuples()],
        fontsize=8,
        rotation=30 if len(groups) > LABELS_AT_MOST else 0,
    )
    log_amounts(axes, "y")
    axes.set_ylim(0.7)
    axes.set_xlabel("transactions in the outcome window")
    axes.set_ylabel("customers, log scale")
    legend_above(axes)
    high, low = rows[rows.is_high_risk], rows[~rows.is_high_risk]
    if high.empty or low.empty:
        only = about.risk if low.empty else f"not {about.risk}"
        total = words.count(rows.customer_count.sum(), "customer")
        sentence = f"All {total} are labelled {only}."
    else:
        shared = set(high.group_index) & set(low.group_index)
        sentence = (
            f"Customers labelled {about.risk} have {_reach(high)} transactions in the "
            f"outcome window, the others {_reach(low)}"
        )
        sentence += (
            f"; {words.count(len(shared), 'group')} "
            f"{words.verb(len(shared), 'holds', 'hold')} both, so more than the count "
            "decides."
            if shared
            else "; no group of counts holds both, so the count alone decides."
        )
    return Drawing(
        figure=figure,
        title="Transactions in the outcome window by label",
        sentence=f"{sentence} {about.caveat}",
        alt="Bars of customers by outcome transactions, one per label, on a log scale.",
    )


def _reach(groups: Rows) -> str:
    lowest, highest = groups.lowest_count.min(), groups.highest_count.max()
    return words.span(f"{lowest:,.0f}", f"{highest:,.0f}")


def _group_name(group: Rows) -> str:
    low, high = group.lowest_count, group.highest_count
    return f"{low:.0f}" if low == high else f"{low:.0f}-{high:.0f}"


def label_by_segment(rows: Rows, about: About) -> Drawing:
    """Draw the rate of each segment with its interval."""
    figure, axes = bar_axes(len(rows))
    places = range(len(rows))
    axes.hlines(places, rows.lower_rate, rows.upper_rate, color=PLAIN, lw=2)
    axes.plot(rows.event_rate, places, "o", color=HIGH_RISK)
    overall = rows.overall_rate.iloc[0]
    axes.axvline(overall, color=INK, ls=":")
    axes.set_yticks(
        places,
        [
            f"{words.name(r.segment)} ({r.customer_count:,.0f})"
            for r in rows.itertuples()
        ],
    )
    axes.set_xlim(0, 1)
    axes.grid(axis="x", color=FAINT)
    axes.set_xlabel(
        f"share {about.risk} afterwards, 95 % interval; dotted: all customers"
    )
    percents(axes, "x")
    most, least = rows.iloc[0], rows.iloc[-1]
    sentence = (
        f"{words.percent(overall)} of all customers are labelled {about.risk} "
        f"afterwards: most often {words.name(most.segment)} "
        f"({words.percent(most.event_rate)}), least {words.name(least.segment)} "
        f"({words.percent(least.event_rate)})."
        if len(rows) > 1
        else f"There is one segment, {words.name(most.segment)}: "
        f"{words.percent(overall)} of it are labelled {about.risk} afterwards."
    )
    return Drawing(
        figure=figure,
        title="Label by RFM segment (customers)",
        sentence=f"{sentence} {about.caveat}",
        alt="Points with intervals: share with the label per RFM segment.",
    )


def feature_auc_by_label(rows: Rows, about: About) -> Drawing:
    """Draw the AUC of each feature for the label and for the circular one."""
    known = rows[rows.auc.notna()]
    figure, axes = bar_axes(len(rows))
    places = range(len(rows))
    axes.hlines(places, rows.auc, rows.same_window_auc, color=FAINT, lw=2)
    axes.plot(rows.same_window_auc, places, "^", color=PLAIN, label="circular label")
    axes.plot(rows.auc, places, "o", color=HIGH_RISK, label=about.risk)
    axes.set_yticks(places, rows.feature, fontsize=8)
    axes.set_xlim(0.48, 1.01)
    axes.grid(axis="x", color=FAINT)
    axes.set_xlabel("area under the ROC curve of the feature alone (0.5: says nothing)")
    legend_above(axes)
    if known.empty:
        sentence = "The label has one value, so no feature can tell it."
    else:
        best = known.iloc[0]
        direction = "high" if best.is_riskier_when_high else "low"
        circular = rows.same_window_auc.max()
        sentence = (
            f"{best.feature} alone tells the label best (AUC {best.auc:.2f}, riskier "
            f"when {direction})"
        )
        sentence += (
            "."
            if np.isnan(circular)
            else f"; one feature tells the circular same-window label with up to "
            f"{circular:.2f}, because that is made of the days that features read."
        )
    return Drawing(
        figure=figure,
        title="What one feature alone tells of the label",
        sentence=f"{sentence} {about.caveat}",
        alt="Points per feature: AUC for the label and for the circular label.",
    )
