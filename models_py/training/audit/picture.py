"""The leakage audit in a picture.

The SVG is written as text: the same numbers give the same bytes everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from training.audit.names import DISJOINT, OUT_OF_TIME, USUAL

Json = dict[str, Any]

# Okabe and Ito, as in notebooks/style.py; a design is also told by its place.
COLOURS = {
    USUAL: "#d55e00",
    DISJOINT: "#e69f00",
    OUT_OF_TIME: "#0072b2",
}
INK, FAINT, PAPER = "#222222", "#dddddd", "#ffffff"
LOWEST, HIGHEST, TICKS = 0.4, 1.0, (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
NAMES_WIDTH, PANEL_WIDTH, GAP, MARGIN = 226, 290, 44, 14
TOP, LINE, BLOCK_GAP, AXIS = 34, 17, 12, 42


def picture_of(document: Json) -> str:
    """Draw a panel per data set and a block per design.

    Parameters
    ----------
    document
        As `training.audit.document.as_json` gives it.

    Returns
    -------
    str
        An SVG document that needs nothing from outside.
    """
    leakage = document["leakage"]
    panels = leakage["studied"]
    parts = [part for panel in panels for part in panel["parts"]]
    candidates = list(dict.fromkeys(name for part in parts for name in part["aucs"]))
    tops = _tops(list(leakage["designs"]), len(candidates))
    bottom = TOP + len(tops) * (LINE * (len(candidates) + 1) + BLOCK_GAP)
    width = NAMES_WIDTH + len(panels) * (PANEL_WIDTH + GAP) + MARGIN
    height = bottom + AXIS
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img" font-family="sans-serif"'
        f' font-size="12" fill="{INK}">',
        "<title>AUC of every candidate under each design, with intervals</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        *_names(leakage["designs"], tops, candidates),
    ]
    for index, panel in enumerate(panels):
        left = NAMES_WIDTH + index * (PANEL_WIDTH + GAP)
        lines += _axis(panel["title"], left, bottom)
        for part in panel["parts"]:
            lines += _dots(part, left, tops[part["design"]], candidates)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _tops(designs: Sequence[str], candidates: int) -> Mapping[str, int]:
    """Baseline of each design's heading."""
    height = LINE * (candidates + 1) + BLOCK_GAP
    return {name: TOP + 14 + place * height for place, name in enumerate(designs)}


def _names(
    designs: Json, tops: Mapping[str, int], candidates: Sequence[str]
) -> Iterator[str]:
    for name, top in tops.items():
        yield _text(MARGIN, top, designs[name]["title"], weight="bold")
        for place, candidate in enumerate(candidates, start=1):
            shown = candidate.replace("_", " ")
            yield _text(MARGIN + 10, top + place * LINE, shown)


def _axis(title: str, left: int, bottom: int) -> Iterator[str]:
    yield _text(left, 18, title, weight="bold")
    for tick in TICKS:
        x = _x(tick, left)
        is_chance = tick == 0.5
        dash, colour = (' stroke-dasharray="4 3"', INK) if is_chance else ("", FAINT)
        yield (
            f'<line x1="{x}" y1="{TOP + 18}" x2="{x}" y2="{bottom}"'
            f' stroke="{colour}"{dash}/>'
        )
        yield _text(x, bottom + 15, f"{tick:.1f}", anchor="middle")
    middle = _x((LOWEST + HIGHEST) / 2, left)
    yield _text(middle, bottom + 32, "AUC (dashed: a coin)", anchor="middle")


def _dots(part: Json, left: int, top: int, candidates: Sequence[str]) -> Iterator[str]:
    colour = COLOURS[part["design"]]
    for place, candidate in enumerate(candidates, start=1):
        measured = part["aucs"].get(candidate)
        y = top + place * LINE - 4
        if measured is None or measured["auc"] is None:
            yield _text(left, y + 4, "not available")
            continue
        if measured["lower"] is not None:
            ends = (_x(measured[end], left) for end in ("lower", "upper"))
            yield (
                '<line x1="{}" y1="{y}" x2="{}" y2="{y}" stroke="{colour}"'
                ' stroke-width="3"/>'.format(*ends, y=y, colour=colour)
            )
        x = _x(measured["auc"], left)
        yield f'<circle cx="{x}" cy="{y}" r="4.5" fill="{colour}"/>'
        is_right = measured["auc"] < (LOWEST + HIGHEST) / 2
        shown = f"{measured['auc']:.3f}"
        end = measured["upper" if is_right else "lower"]
        beside = _x(measured["auc"] if end is None else end, left)
        yield _text(
            round(beside + (10 if is_right else -10), 1),
            y + 4,
            shown,
            anchor="start" if is_right else "end",
        )


def _x(auc: float, left: int) -> float:
    """Place of an AUC; below the axis it stays at its end."""
    share = (max(auc, LOWEST) - LOWEST) / (HIGHEST - LOWEST)
    return round(left + share * PANEL_WIDTH, 1)


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
