"""The table that says of each feature of the contract why it is in the card or not."""

from training.card.parts import (
    NOT_RECORDED,
    Column,
    Row,
    Table,
    or_why,
    rows_or_why,
)
from training.card.reading import Facts

NONE = "none"
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
            NOT_RECORDED,
        ),
    )


def _said(row: Row) -> Row:
    twin, index = row["correlated_with"], row["stability_index"]
    fallback = row["binning_fallback"]
    remarks = [
        row["information_value_flag"],
        None if fallback is None else f"optimal binning failed: {fallback}",
    ]
    return {
        "coefficient": or_why(row["coefficient"], "left out before"),
        "twin": NONE if twin is None else f"{twin} ({row['correlation']:+.2f})",
        "stability": row["stability"]
        if index is None
        else f"{row['stability']}: {index:.3f} ({row['stability_noise']:.3f})",
        "remarks": "; ".join(said for said in remarks if said) or NONE,
    }
