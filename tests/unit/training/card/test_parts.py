"""Nothing in a card is empty, and everything is written as its kind asks."""

from dataclasses import replace
from datetime import datetime

import pytest

from training import candidates, splits
from training.card import reading
from training.card.page import as_html
from training.card.parts import (
    Card,
    Column,
    Fact,
    Picture,
    Section,
    Table,
    as_json,
    check_complete,
)
from training.card.svg import Bar, bars
from training.errors import TrainingError

TABLE = Table("bins", "All bins.", [Column("woe", "WoE", "signed")], [{"woe": -0.5}])
SECTION = Section(
    name="points",
    title="Points",
    text=["What a bin adds."],
    facts=[Fact("seed", 42, "count")],
    pictures=[
        Picture("WoE", "one bar", bars([Bar("a", 1.0, "b")], title="WoE", alt="bar"))
    ],
    tables=[TABLE],
)
CARD = Card("0123456789ab", "It ranks.", [], [SECTION])


def test_names_are_those_of_the_candidates_and_splits() -> None:
    assert reading.SCORECARD == candidates.SCORECARD
    assert reading.CHALLENGER == candidates.CHALLENGER
    assert (reading.TEST, reading.TRAIN_OOF) == (splits.TEST, splits.TRAIN_OOF)


def test_a_complete_card_passes() -> None:
    check_complete(CARD)


@pytest.mark.parametrize(
    ("section", "place"),
    [
        (replace(SECTION, text=[]), "points.text"),
        (replace(SECTION, text=["What it is.", " "]), r"points.text\[1\]"),
        (replace(SECTION, facts=[Fact("seed", None)]), "points.facts.seed"),
        (replace(SECTION, pictures=[Picture("WoE", "", "<svg/>")]), "points.*alt"),
        (replace(SECTION, tables=[replace(TABLE, rows=[])]), "points.bins"),
        (
            replace(SECTION, tables=[replace(TABLE, rows=[{"woe": float("nan")}])]),
            r"points.bins\[0\].woe",
        ),
        (
            replace(SECTION, tables=[replace(TABLE, rows=[{"points": 1.0}])]),
            r"points.bins\[0\].woe",
        ),
    ],
)
def test_an_empty_field_is_refused_by_its_place(section: Section, place: str) -> None:
    with pytest.raises(TrainingError, match=f"0123456789ab has nothing at {place}"):
        check_complete(replace(CARD, sections=[section]))


def test_data_keep_their_digits_and_the_page_rounds() -> None:
    table = replace(TABLE, rows=[{"woe": -0.123456789}])
    card = replace(CARD, sections=[replace(SECTION, tables=[table])])
    section = as_json(card)["sections"]["points"]
    assert section["tables"]["bins"] == [{"woe": -0.123456789}]
    assert section["facts"] == {"seed": 42}
    assert '<td class="number">-0.123</td>' in as_html(card)


def test_an_interval_stands_below_its_value() -> None:
    ks = Column("ks", "KS", "decimal", has_interval=True)
    rows = [{"ks": 0.5, "ks_lower": 0.45, "ks_upper": 0.5678}]
    rows += [{"ks": 0.4, "ks_lower": "not assessed", "ks_upper": "not assessed"}]
    table = Table("splits", "By split.", [ks], rows)
    card = replace(CARD, sections=[replace(SECTION, tables=[table])])
    check_complete(card)
    assert as_json(card)["sections"]["points"]["tables"]["splits"] == rows
    page = as_html(card)
    assert "0.500<br><small>[0.450, 0.568]</small></td>" in page.replace("\n", "")
    assert ">0.400</td>" in page
    table = replace(table, rows=[{"ks": 0.5, "ks_lower": 0.45}])
    card = replace(CARD, sections=[replace(SECTION, tables=[table])])
    with pytest.raises(TrainingError, match=r"points.splits\[0\].ks_upper"):
        check_complete(card)


def test_a_name_from_the_data_cannot_break_the_page() -> None:
    name = "<script>alert(1)</script>&\"'"
    rows = [{"woe": name}]
    svg = bars([Bar(name[:20], 1.0, name)], title=name, alt=name)
    section = replace(
        SECTION,
        text=[name],
        facts=[Fact(name, name)],
        tables=[replace(TABLE, caption=name, rows=rows)],
        pictures=[Picture(name, name, svg)],
    )
    assert "<script" not in as_html(replace(CARD, sections=[section], headline=name))


def test_moments_are_written_for_people_and_for_machines() -> None:
    at = datetime(2026, 11, 24, 12, 30, 5)
    card = replace(CARD, sections=[replace(SECTION, facts=[Fact("at", at)])])
    assert "2026-11-24 12:30</dd>" in as_html(card)
    assert as_json(card)["sections"]["points"]["facts"]["at"] == "2026-11-24T12:30:05"
