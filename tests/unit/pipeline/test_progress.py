"""Steps as a terminal and as a log see them."""

import io
import re

import pytest

from pipeline.progress import shown_step

DONE = re.compile(r"build: \d+\.\d s\n\Z")


class Terminal(io.StringIO):
    """Keeps what a terminal would show."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def test_a_log_gets_one_line_per_step_when_it_is_done() -> None:
    log = io.StringIO()
    with shown_step("build", log) as step:
        step.advance(1, 2)
        step.say("something")
        assert log.getvalue() == ""
    assert DONE.fullmatch(log.getvalue())


def test_a_failed_step_leaves_no_line() -> None:
    log = io.StringIO()
    with pytest.raises(RuntimeError), shown_step("build", log):
        raise RuntimeError
    assert log.getvalue() == ""


def test_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    with shown_step("build", terminal) as step:
        step.advance(3, 7)
    assert "3 of 7 models and tests" in terminal.getvalue()
    assert DONE.search(terminal.getvalue())


def test_what_a_step_says_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with shown_step("train", terminal) as step:
        step.say("\x1b[31mfitting [bold]xgboost\x1b[0m\n")
    assert "fitting [bold]xgboost" in terminal.getvalue()
