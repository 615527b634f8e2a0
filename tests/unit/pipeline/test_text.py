"""What a person reads."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.settings import ROOT, Settings
from pipeline.summary import Report, report_of
from pipeline.text import headline, label_meaning, summary_text, warnings
from training.done import Done, write_done

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
        "scorecard gains AUC over recency_days out of time: "
        "+0.010 [+0.002, +0.018], 0.800 against 0.790"
    )
    assert "warning" not in text


def test_a_loss_is_said_as_openly(report: Report) -> None:
    report.summary["champion"]["gain"] |= {"auc": -0.1, "auc_ci": [-0.2, 0.004]}
    assert headline(report.summary) == (
        "scorecard loses AUC to recency_days out of time: "
        "-0.100 [-0.200, +0.004], 0.800 against 0.900"
    )


@pytest.mark.parametrize(
    ("gain_ci", "auc_ci", "said"),
    [
        ([0.001, 0.02], [0.501, 0.9], []),
        ([0.0, 0.02], [0.501, 0.9], ["recency_days alone"]),
        ([-0.1, -0.02], [0.501, 0.9], ["recency_days alone"]),
        ([0.001, 0.02], [0.5, 0.9], ["chance"]),
        ([-0.1, 0.02], [0.4, 0.48], ["recency_days alone", "chance"]),
        ([None, None], [None, None], []),
    ],
)
def test_a_champion_that_may_be_worthless_is_warned_of(
    gain_ci: list[float], auc_ci: list[float], said: list[str], report: Report
) -> None:
    report.summary["champion"]["gain"]["auc_ci"] = gain_ci
    report.summary["champion"]["test"]["roc_auc_ci"] = auc_ci
    lines = warnings(report.summary)
    assert len(lines) == len(said)
    for line, word in zip(lines, said, strict=True):
        assert line.startswith("warning: ")
        assert word in line


def test_an_auc_that_is_not_defined_is_said(report: Report) -> None:
    report.summary["champion"]["test"] = None
    assert headline(report.summary) == "scorecard: AUC out of time -"


def test_a_candidate_that_waits_and_the_age_of_the_champions_figures(
    report: Report, settings: Settings
) -> None:
    assert "of this data" not in summary_text(report, settings)
    write_done(settings.data_dir, Done("f_old", None))
    lines = summary_text(report_of(settings, SECONDS), settings).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("champion"))
    assert [re.sub(" +", " ", line) for line in lines[at : at + 8]] == [
        "champion card, promoted 2026-01-02 by rule approved",
        " trained 2026-01-02 on snapshots 2018-12-13 to 2018-12-20,"
        " tested on 2019-01-17",
        " its figures are of that training, not of the data above",
        "new candidate old, not promoted",
        " trained 2026-01-03 on snapshots 2018-12-13 to 2018-12-20,"
        " tested on 2019-01-24",
        " AUC 0.110 [0.100, 0.200], gain over recency_days +0.010 [+0.002, +0.018]",
        " it waits for this command, and then make run:",
        f" DATA_DIR='{settings.data_dir}' python -m training promote --version old"
        ' --approver NAME --reason "…"',
    ]


def test_why_nothing_was_trained_is_said(report: Report, settings: Settings) -> None:
    report.summary["not_trained"] = "training needs 84 days; " * 8
    text = summary_text(report, settings)
    assert line_with(text, "not trained").startswith("not trained training needs 84")
    without_paths = text.replace(str(settings.data_dir), "")
    assert max(map(len, without_paths.splitlines())) <= 100


def test_a_release_that_is_not_promoted_is_said(
    report: Report, settings: Settings
) -> None:
    assert "NOT promoted" not in summary_text(report, settings)
    report.summary["released"] |= {"is_promoted": False, "alias": "trial"}
    line = line_with(summary_text(report, settings), "NOT promoted")
    assert line == " it serves card card (alias trial), which is NOT promoted"


def test_the_usual_design_is_shown_for_a_proxy_only(
    report: Report, settings: Settings
) -> None:
    assert "would report 0.990" in summary_text(report, settings)
    report.details["label_source"] = "observed"
    assert "usual design" not in summary_text(report, settings)


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("data", "data simulated: its figures say nothing about real customers"),
        ("transactions", "transactions 8 read, 5 accepted, 3 rejected"),
        ("time_unreadable", " 2 time_unreadable"),
        ("customers  ", "customers 4: 3 scored, 1 not scored"),
        ("2018-12-20", " 2018-12-20 train 2"),
        ("no_recent", " 1 no_recent_transactions"),
        ("unseen", "test 2019-01-17 AUC interval"),
        ("label", "label expected inactivity: a behavioural proxy"),
        ("no purchase", ' 97.5 % equal "no purchase in the window"'),
        ("event rate", "event rate train 25.0 % of 4 rows, test 50.0 % of 2 rows"),
        ("(champion)", "scorecard (champion) 0.800 [0.780, 0.820] -"),
        ("xgboost", "xgboost 0.830 [0.800, 0.860] -"),
        ("  approve", "A approve 2"),
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


def test_a_shell_reads_the_way_to_serve_as_it_is(
    report: Report, settings: Settings
) -> None:
    odd = replace(settings, data_dir=Path("/a b/ann's $x"))
    line = next(
        line
        for line in summary_text(report, odd).splitlines()
        if line.startswith("serve it: ")
    )
    assert shlex.split(line)[2:5] == ["DATA_DIR=/a b/ann's $x", "make", "serve"]


def test_the_label_has_its_plain_name_only_above_the_limit() -> None:
    assert label_meaning("expected inactivity", "proxy").startswith("expected")
    assert "not a probability of default" in label_meaning("anything", "proxy")
    assert "proxy" not in label_meaning("observed default", "observed")


def test_it_is_plain_text_of_bearable_width(text: str, settings: Settings) -> None:
    without_paths = text.replace(str(settings.data_dir), "")
    assert "\x1b" not in text
    assert max(map(len, without_paths.splitlines())) <= 100
