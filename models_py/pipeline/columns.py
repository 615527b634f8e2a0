"""Text in columns, and how numbers are written in it."""

from collections.abc import Sequence

LABEL_WIDTH = 14


def line(label: str, text: str) -> str:
    """Put text behind a label of fixed width."""
    return f"{label:<{LABEL_WIDTH}}{text}"


def labelled(label: str, lines: Sequence[str]) -> list[str]:
    """Put the label before the first line, and the others under it."""
    return [line(label if i == 0 else "", text) for i, text in enumerate(lines)]


def table(rows: Sequence[Sequence[str]], *, header: Sequence[str]) -> list[str]:
    """Align: the first column to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in (header, *rows)
    ]


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").lstrip("-").isdigit() or text == "-"


def decimal(value: float | None) -> str:
    """Three decimals, or a dash."""
    return "-" if value is None else f"{value:.3f}"


def percent(value: float | None) -> str:
    """Per cent with one decimal, or a dash."""
    return "-" if value is None else f"{100 * value:.1f} %"
