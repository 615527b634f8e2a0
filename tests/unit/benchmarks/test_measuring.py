"""What the benchmark measures with, and how it stops."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from pipeline.errors import PipelineError
from pipeline.processes import Children
from tests.benchmarks import hand_written, scoring
from tests.benchmarks.pipeline import main
from tests.benchmarks.sizes import require_disk, sizes_that_fit
from tests.benchmarks.week import require_one_snapshot
from tests.benchmarks.workbench import DbtCall, Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with Children() as children:
        yield Workbench(folder=tmp_path, children=children, memory_limit="1GB")


def test_the_peak_is_that_of_the_command(tmp_path: Path) -> None:
    report = tmp_path / "peak.json"
    assert peak_of(report, "print(len(bytearray(200_000_000)))") == 0
    assert 200e6 < json.loads(report.read_text())["peak_bytes"] < 300e6


def test_the_exit_code_is_that_of_the_command(tmp_path: Path) -> None:
    report = tmp_path / "peak.json"
    assert peak_of(report, "raise SystemExit(3)") == 3
    assert peak_of(report, "import os; os.kill(os.getpid(), 9)") == 128 + 9


def peak_of(report: Path, program: str) -> int:
    command = ("-m", "tests.benchmarks.peak", str(report), sys.executable, "-c")
    return subprocess.run([sys.executable, *command, program], check=False).returncode


def test_a_task_that_fails_says_why_in_one_line(bench: Workbench) -> None:
    with pytest.raises(PipelineError, match=r"read it failed: .*no-such\.csv"):
        bench.task(
            "read it",
            hand_written.plain_table,
            source=str(bench.folder / "no-such.csv"),
            memory_limit="1GB",
            file=str(bench.folder / "plain.duckdb"),
        )


def test_a_disk_too_small_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    require_disk(tmp_path, 1_000_000)
    with pytest.raises(PipelineError, match=r"100,000,000 rows need .* 1\.0 GB free"):
        require_disk(tmp_path, 100_000_000)


def test_a_size_that_nobody_named_is_skipped_where_it_does_not_fit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    free = SimpleNamespace(free=5 * 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    sizes = sizes_that_fit(tmp_path)
    assert [next(sizes), next(sizes)] == [95_662, 1_000_000]
    free.free = 3 * 10**9  # what the sizes before have left
    assert list(sizes) == []
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(" rows need")[0] for line in said] == [
        "skipped: 10,000,000",
        "skipped: 100,000,000",
    ]


@pytest.mark.parametrize("rows", ["many", "999", "-5"])
def test_rows_that_are_none_are_told(
    rows: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["run", f"--rows={rows}"])
    assert f"'{rows}' is no number of rows from 1,000 up" in capsys.readouterr().err


@pytest.mark.parametrize("computed", ["10 new", "1 new, 2 transactions", "none"])
def test_a_week_that_computes_other_snapshots_is_told(computed: str) -> None:
    with pytest.raises(PipelineError, match=f"one new snapshot, but: .* {computed}"):
        require_one_snapshot(call_that_said(computed))
    require_one_snapshot(call_that_said("1 new"))


def call_that_said(computed: str) -> DbtCall:
    message = f"int_customer_features__computed: 10 snapshots, to compute: {computed}"
    return DbtCall(
        seconds=1.0,
        peak_bytes=1,
        landing_seconds=0.0,
        nodes={},
        busy_seconds=1.0,
        features_seconds=1.0,
        messages=("another: 3 snapshots, to compute: 1 new", message),
    )


def test_scores_that_differ_are_told() -> None:
    with duckdb.connect() as connection, pytest.raises(PipelineError, match="1 scores"):
        scoring.require_no_rows(connection, "select 'C1', 600.0, 601.0")
