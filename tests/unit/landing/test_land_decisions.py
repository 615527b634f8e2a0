"""Logs of decisions reach the warehouse exactly, without what was never finished."""

import json
import re
from pathlib import Path

import pytest

from api.decisions.records import DecisionRecord
from tests.conftest import ROOT
from tests.unit.api.decisions.conftest import decision, review, write_all
from tests.unit.landing.macros import Landing


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """A landing without any decision yet."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "good.csv").write_text(
        "CustomerId,Amount,TransactionStartTime\nC,1,2019-01-01\n"
    )
    return Landing(tmp_path)


def logs(landing: Landing) -> list[object]:
    return landing.query("select record_count, torn_count from decisions.logs")


def missed(landing: Landing) -> list[tuple[str, int]]:
    """Run the test of the project on what was landed."""
    sql = (ROOT / "dbt_project/tests/test_decision_logs_are_not_cut.sql").read_text()
    query = re.sub(r"\{\{ source\('(\w+)', '(\w+)'\) \}\}", r"\1.\2", sql)
    return [(writer, records) for writer, records, _ in landing.query(query)]


def test_without_decisions_the_tables_are_empty(landing: Landing) -> None:
    landing.run()
    assert logs(landing) == []
    assert landing.query("from decisions.records") == []


def test_a_record_is_landed_digit_by_digit(landing: Landing) -> None:
    made = decision("it's \n 😀", key="k")
    folder = landing.data_dir / "decisions"
    write_all(folder, [made, review(made.decision_id, "decline")])
    landing.run()
    (landed, reviewed) = landing.query(
        "select customer_id, amount, features, points, score, record_hash, outcome, "
        "strftime(recorded_at, '%Y-%m-%dT%H:%M:%S.%fZ') "
        "from decisions.records order by sequence"
    )
    assert isinstance(made, DecisionRecord)
    assert landed[:2] == (made.customer_id, made.amount)
    assert json.loads(landed[2]) == made.features
    assert landed[3:] == (
        made.points,
        made.score,
        made.record_hash,
        None,
        made.recorded_at,
    )
    assert reviewed[6] == "decline"


def test_a_torn_last_line_is_ignored_and_counted(landing: Landing) -> None:
    folder = landing.data_dir / "decisions"
    write_all(folder, [decision(), decision()])
    (log,) = folder.glob("*.jsonl")
    whole = log.read_bytes()
    log.write_bytes(whole[:-20])
    landing.run()
    assert logs(landing) == [(1, 1)]
    log.write_bytes(whole)
    (folder / "it's [empty]*.jsonl").touch()
    landing.run()
    assert sorted(logs(landing)) == [(0, 0), (2, 0)]
    assert len(landing.query("from decisions.records")) == 2
    assert missed(landing) == []


def test_a_log_that_is_gone_or_cut_is_missed_until_it_is_back(landing: Landing) -> None:
    folder = landing.data_dir / "decisions"
    write_all(folder, [decision(), decision()])
    (log,) = folder.glob("*.jsonl")
    landing.run()
    write_all(folder, [decision()])
    whole = log.read_bytes()
    landing.run()
    assert missed(landing) == []
    first, _ = whole.splitlines(keepends=True)
    for content in (b"", first):
        log.write_bytes(content)
        landing.run()
        assert missed(landing) == [(log.stem, 2)]
    log.unlink()
    for _ in range(2):
        landing.run()
        assert missed(landing) == [(log.stem, 2)]
    assert len(landing.query("from decisions.records")) == 1
    log.write_bytes(whole)
    landing.run()
    assert missed(landing) == []
