"""Pictures are well-formed, the same each time, and true to their scale."""

import re
from xml.etree import ElementTree

from training.card.svg import LABEL_WIDTH, PLOT_WIDTH, Bar, Dot, bars, dots

SVG = "{http://www.w3.org/2000/svg}"
BARS = [Bar("a & b", -1.0, "<1>"), Bar("c", 3.0, "3"), Bar("d", 0.0, "0")]
DOTS = [
    Dot("a", 0.8, 0.7, 0.9, 0.75, "0.8"),
    Dot("no rows", None, None, None, None, "no rows"),
]


def test_bars_are_well_formed_titled_and_the_same_each_time() -> None:
    drawn = bars(BARS, title="WoE", alt="three bars")
    root = ElementTree.fromstring(drawn)  # noqa: S314 - drawn above
    assert root.get("role") == "img"
    assert [child.text for child in root[:2]] == ["WoE", "three bars"]
    assert drawn == bars(BARS, title="WoE", alt="three bars")


def test_bars_start_at_zero_and_are_as_long_as_they_should() -> None:
    root = ElementTree.fromstring(bars(BARS, title="t", alt="a"))  # noqa: S314
    negative, positive, nothing = root.findall(f"{SVG}rect")
    assert float(nothing.attrib["width"]) == 0
    one = float(negative.attrib["width"])
    assert float(positive.attrib["width"]) == 3 * one
    assert float(negative.attrib["x"]) + one == float(positive.attrib["x"])


def test_a_dot_lies_where_its_value_is() -> None:
    drawn = dots(DOTS, title="t", alt="a", least=0.5, most=1.0, reference=0.6)
    (place,) = re.findall(r'<circle cx="([\d.]+)"', drawn)
    assert float(place) == round(LABEL_WIDTH + PLOT_WIDTH * (0.8 - 0.5) / 0.5, 1)
    assert drawn.count("<path") == 1
    assert drawn.count("stroke-dasharray") == 1


def test_without_rows_there_is_no_picture() -> None:
    assert bars([], title="t", alt="a") == ""
    assert dots([], title="t", alt="a", least=0.0, most=1.0) == ""


def test_one_value_for_all_is_drawn() -> None:
    ElementTree.fromstring(  # noqa: S314
        bars([Bar("a", 0.0, "0")], title="t", alt="a")
    )
