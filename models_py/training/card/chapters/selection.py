"""The table that says of each feature of the contract why it is in the card or not."""

from training.card.causes import SELECTION, given, not_recorded
from training.card.parts import NOT_ASSESSED, Column, Row, Table, or_why, rows_or_why
from training.card.reading import Facts

NONE = "none"
# Of training.scorecard_fit and training.settings.
CORRELATED = "correlated with a better feature"
SUSPECT = 0.5
COLUMNS = (
    Column("feature", "feature"),
    Column("is_selected", "in the card"),
    Column("reason", "reason"),
    Column("information_value", "IV", "decimal"),
    Column("coefficient", "coefficient", "decimal"),
    Column("twin", "correlated with"),
    Column("stability", "stability"),
    Column("remarks", "remarks"),
)


def selection_table(facts: Facts) -> Table:
    """Tabulate the selection, or say that an earlier version did not record it."""
    return Table(
        "selection",
        "Every feature of the contract, and the first rule that left it out."
        " Coefficient: in the last regression with it, before calibration."
        " Correlated with: the better feature, and the correlation of their weights of"
        " evidence. Stability: the largest PSI of a train snapshot against the others,"
        " and what chance alone stays below in 95 of 100 cases.",
        COLUMNS,
        rows_or_why(
            [{**row, **_said(row)} for row in facts.selection],
            COLUMNS,
            not_recorded(facts, SELECTION),
        ),
    )


def _said(row: Row) -> Row:
    fallback = row["binning_fallback"]
    is_suspect = row["information_value"] > SUSPECT
    remarks = [
        given(row, "information_value_flag") if is_suspect else None,
        None if fallback is None else f"optimal binning failed: {fallback}",
    ]
    return {
        "coefficient": or_why(
            row["coefficient"], None if row["is_selected"] else "left out before"
        ),
        "twin": _twin(row),
        "stability": row["stability"]
        if row["stability"] == NOT_ASSESSED
        else f"{row['stability']}: {given(row, 'stability_index'):.3f}"
        f" ({given(row, 'stability_noise'):.3f})",
        "remarks": "; ".join(said for said in remarks if said) or NONE,
    }


def _twin(row: Row) -> str:
    if row["correlated_with"] is None and row["reason"] != CORRELATED:
        return NONE
    twin, correlation = (given(row, n) for n in ("correlated_with", "correlation"))
    return f"{twin} ({correlation:+.2f})"
