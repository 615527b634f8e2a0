"""What is shown of the training's benchmark."""

import json

import pytest

from pipeline.readme import README
from tests.benchmarks.training import REFERENCE, main, readme_text, speed_block
from tests.benchmarks.workbench import Json


def document(**seconds: float) -> Json:
    return {
        "measured_at": "2026-01-02T03:04:05+00:00",
        "machine": {
            "processor": "a processor",
            "cores": 2,
            "system": "Linux x86_64",
            "versions": {"Python": "3.12.0"},
        },
        "is_simulated": True,
        "rows": 95_046,
        "customers": 3_842,
        "searches": {
            name: {"seconds": taken, "runs": [taken] * 3, "peak_bytes": 500_000_000}
            for name, taken in seconds.items()
        },
    }


def test_the_readme_shows_the_reference() -> None:
    kept = json.loads(REFERENCE.read_text()) if REFERENCE.exists() else document()
    text = README.read_text(encoding="utf-8")
    assert readme_text(text, kept) == text


def test_bars_are_said_beside_their_figures() -> None:
    block = speed_block(document(none=40.0, random=240.1))
    assert "| `--search none` | 40.0 s, met | 3 | 0.50 GB | at most 40 s |" in block
    assert "| `--search random` | 240.1 s, **missed** | 3 | 0.50 GB |" in block
    assert "95,046 transactions of 3,842 customers" in block


def test_a_missing_file_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "--file", "no-such.parquet"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "error: no-such.parquet: no such file of transactions"
