"""What is shown of the benchmark, and that the README shows what was measured."""

import json
from typing import Any

from pipeline.readme import README
from tests.benchmarks.table import REFERENCE, judged, readme_text, table_text


def test_the_readme_shows_the_reference() -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    assert readme_text(text, reference) == text


def test_another_figure_changes_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    slow, fast = (readme_text(text, document(models=s)) for s in (20.0, 10.0))
    assert slow != fast
    assert "| dbt models | 2.00 s | 20.0 s |  |" in slow


def test_bars_are_for_their_sizes_only() -> None:
    verdicts = {(v["rows"], v["what"]): v["is_met"] for v in judged(document())}
    assert verdicts == {
        (10_000_000, "landing, Parquet / plain `create table as select`"): True,
        (10_000_000, "dbt models / (a)"): True,
        (10_000_000, "new week's features / one (a)"): False,
        (10_000_000, "new week, all models / one (a)"): False,
        (10_000_000, "landing and models, ten times the rows"): True,
        (1_000_000, "customers scored a second, in memory"): True,
        (1_000_000, "customers scored a second, stored"): False,
    }


def test_a_missed_bar_is_told() -> None:
    met, missed = table_text(document(models=29.0)), table_text(document(models=31.0))
    assert "1.45 times, met" in met
    assert "1.55 times, **missed**" in missed


def test_what_is_shorter_by_what_it_leaves_out_is_shown_whole_too() -> None:
    shown = table_text(document())
    lines = [line.split("  ") for line in shown.splitlines()]
    cells = {line[0]: [c.strip() for c in line[1:] if c] for line in lines}
    # 4 s of landing and 20 s of models over 20 s; a week of 4 or 5 s over 2 s.
    assert cells["dbt models / (a)"][-2] == "1.00 times, met"
    assert cells["landing and dbt models / (a)"][-1] == "1.20 times"
    assert cells["new week's features / one (a)"][-2] == "2.00 times, **missed**"
    assert cells["new week, all models / one (a)"][-2] == "2.50 times, **missed**"
    assert "1,000,000 rows, 2,010 customers repeated" in shown
    assert "0.80 s, 1,250,000 a second (met)" in shown
    assert "2.00 s, 500,000 a second (**missed**)" in shown


def test_growth_is_for_ten_times_the_rows() -> None:
    # 3 s at 100,000 rows, 24 s at 10 million: 8 times for 100 times.
    measured = document(models=20.0)
    assert "0.80 times, met" in table_text(measured)
    simulated = {"seconds": 1.0, "peak_bytes": 1e9}
    measured["sizes"]["5000000"] = {
        "measured_at": "2026-11-24T10:00:00+00:00",
        "steps": {"simulate": simulated},
    }
    assert "0.80 times, met" in table_text(measured)


def test_what_was_not_measured_has_no_line() -> None:
    shown = table_text(document())
    assert "CSV" not in shown
    assert "pandas" not in shown.partition("Measured on")[0]


def document(models: float = 20.0) -> dict[str, Any]:
    def step(seconds: float, **details: object) -> dict[str, object]:
        return {"seconds": seconds, "peak_bytes": 2e9, **details}

    def size(rows: int, landing: float, models: float, query: float) -> dict[str, Any]:
        return {
            "measured_at": "2026-11-24T10:00:00+00:00",
            "rows": rows,
            "customers": rows // 25,
            "snapshots": {"2019-02-07": "open", "2019-02-14": "score"},
            "steps": {
                "simulate": step(1.0),
                "plain_table_parquet": step(landing / 1.5),
                "landing_parquet": step(landing),
                "models": step(models, features_seconds=models / 2),
                "query": step(query, per_snapshot={"2019-02-14": 2.0}),
                "week": step(5.0, features_seconds=4.0),
            },
        }

    return {
        "machine": {
            "processor": "a processor",
            "cores": 2,
            "memory_gb": 16,
            "system": "Linux",
            "versions": {"duckdb": "2.0.0"},
        },
        "memory_limit": "4GB",
        "sizes": {
            "10000000": size(10_000_000, 4.0, models, 20.0),
            "100000": size(100_000, 1.0, 2.0, 1.0),
        },
        "scoring": {
            "customers": 1_000_000,
            "distinct_customers": 2_010,
            "features_in_card": 10,
            "seconds": 0.8,
            "optbinning_seconds": 1.6,
            "stored_seconds": 2.0,
            "independent_form_seconds": 5.0,
        },
    }
