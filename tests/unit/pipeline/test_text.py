"""What a person reads."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.settings import ROOT, Settings
from pipeline.summary import Report, report_of
from pipeline.text import headline, label_meaning, summary_text

SECONDS = {"landing": 1.0, "dbt": 2.0, "total": 3.0}


@pytest.fixture
def report(settings: Settings, warehouse: Path) -> Report:
    assert warehouse.exists()
    return report_of(settings, SECONDS)


@pytest.fixture
def text(report: Report, settings: Settings) -> str:
    return summary_text(report, settings)


def line_with(text: str, word: str) -> str:
    lines = [line for line in text.splitlines() if word in line]
    assert lines, f"no line with {word!r} in\n{text}"
    return re.sub(r" +", " ", lines[0])


def test_the_first_line_is_the_gain_over_the_best_single_column(text: str) -> None:
    assert text.splitlines()[0] == (
        "scorecard gains +0.010 AUC out of time: 0.800 [0.780, 0.820], "
        "recency_days alone 0.790"
    )


def test_a_loss_is_said_as_openly(report: Report) -> None:
    report.summary["baselines"]["recency_days"]["test"]["roc_auc"] = 0.9
    assert headline(report.summary).startswith("scorecard gains -0.100 AUC")


def test_an_auc_that_is_not_defined_is_said(report: Report) -> None:
    report.summary["champion"]["test"] = None
    assert headline(report.summary) == "scorecard: AUC out of time -"


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("data", "data simulated: its figures say nothing about real customers"),
        ("transactions", "transactions 8 read, 5 accepted, 3 rejected"),
        ("time_unreadable", " 2 time_unreadable"),
        ("customers  ", "customers 4: 3 scored, 1 not scored"),
        ("2018-12-20", " 2018-12-20 train 2"),
        ("label", "label expected inactivity: a behavioural proxy"),
        ("no purchase", ' 97.5 % equal "no purchase in the window"'),
        ("event rate", "event rate train 25.0 % of 4 rows, test 50.0 % of 2 rows"),
        ("(champion)", "scorecard (champion) 0.800 [0.780, 0.820] -"),
        ("xgboost", "xgboost 0.830 [0.800, 0.860] -"),
        ("approve", "A approve 2"),
        ("release", "release 20190214-card-0123abcd in "),
        ("seconds", "seconds landing 1.0, dbt 2.0, total 3.0"),
    ],
)
def test_a_line_for_each_question(word: str, line: str, text: str) -> None:
    assert line_with(text, word).startswith(line)


def test_the_way_to_serve_names_another_data_dir(
    text: str, report: Report, settings: Settings
) -> None:
    assert f"DATA_DIR='{settings.data_dir}' make serve" in text
    default = replace(settings, data_dir=ROOT / "data")
    assert "serve it: make serve" in summary_text(report, default)


def test_the_label_has_its_plain_name_only_above_the_limit() -> None:
    assert label_meaning("expected inactivity", "proxy").startswith("expected")
    assert "not a probability of default" in label_meaning("anything", "proxy")
    assert "proxy" not in label_meaning("observed default", "observed")


def test_it_is_plain_text_of_bearable_width(text: str, settings: Settings) -> None:
    without_paths = text.replace(str(settings.data_dir), "")
    assert "\x1b" not in text
    assert max(map(len, without_paths.splitlines())) <= 100
