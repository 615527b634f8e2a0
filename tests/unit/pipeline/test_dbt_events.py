"""Lines recorded from dbt 1.11, read back."""

from pathlib import Path

import pytest

from pipeline.dbt_events import DbtRun, failure_message

LINES = Path(__file__).parent / "dbt_lines"
MANIFEST = LINES / "manifest.json"


def replayed(name: str) -> DbtRun:
    run = DbtRun()
    with (LINES / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            run.read(line)
    return run


def test_progress_counts_models_and_tests_but_no_hooks() -> None:
    run = replayed("success")
    assert (run.done, run.total) == (8, 8)
    assert run.failures == {}


def test_progress_never_goes_back_or_beyond_the_total() -> None:
    run, seen = DbtRun(), []
    for line in (LINES / "success.jsonl").read_text(encoding="utf-8").splitlines():
        run.read(line)
        seen.append(run.done)
        assert run.done <= run.total
    assert seen == sorted(seen)


def test_skipped_nodes_count_as_done() -> None:
    run = replayed("test_fails")
    assert run.done == run.total


def test_landing_is_the_time_of_the_hooks_before_the_models() -> None:
    run = replayed("success")
    assert run.landing_seconds == pytest.approx(0.738342 + 0.785619)


def test_hooks_after_the_models_are_no_landing() -> None:
    run = DbtRun()
    for line in (LINES / "success.jsonl").read_text(encoding="utf-8").splitlines():
        run.read(line.replace("on-run-start", "on-run-end"))
    assert run.landing_seconds == 0


def test_a_warning_is_no_failure() -> None:
    assert "WARN" in (LINES / "success.jsonl").read_text(encoding="utf-8")
    assert replayed("success").failures == {}


@pytest.mark.parametrize(
    ("recording", "message"),
    [
        (
            "hook_raises",
            "transactions.csv has no column CustomerId: add it or set "
            "TRANSACTIONS_PATH to another file.",
        ),
        ("model_raises", "too few days: 40 of at least 84 days"),
        ("test_fails", "Only one customer: give more data."),
        (
            "model_errs",
            "model c: Conversion Error: Could not convert string 'x2' to INT32",
        ),
        (
            "hook_sql_errs",
            "bati.on-run-start.1 failed, error: Conversion Error: "
            "Could not convert string 'abc' to INT32",
        ),
        (
            "locked",
            "/data/warehouse.duckdb is open in process 6041: close it there, "
            "then run again",
        ),
        (
            "usage",
            "Error: Invalid value for '--vars': String '{bad' is not valid YAML",
        ),
    ],
)
def test_a_failure_is_told_in_one_line(recording: str, message: str) -> None:
    assert failure_message(replayed(recording), MANIFEST) == message


def test_a_test_that_cannot_run_is_told_by_its_error_not_its_description() -> None:
    message = failure_message(replayed("unit_test_errs"), MANIFEST)
    assert message.startswith("unit_test unit_b_doubles: An error occurred")
    assert "bang: bad things" in message


def test_a_failed_test_without_description_is_told_by_name(tmp_path: Path) -> None:
    message = failure_message(replayed("test_fails"), tmp_path / "none.json")
    assert message == "test test_bad failed"


def test_several_failures_are_counted() -> None:
    run = replayed("test_fails")
    run.failures["test.bati.not_null_a_x.91d513270e"] = ""
    message = failure_message(run, MANIFEST)
    assert message == "Only one customer: give more data. (and 1 more)"


def test_an_end_without_a_word_is_told_too(tmp_path: Path) -> None:
    assert failure_message(DbtRun(), tmp_path) == "dbt ended without saying why"
