"""What per-snapshot models read of a transaction is in the hash that rebuilds them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODELS = ROOT / "dbt_project" / "models" / "intermediate"
# Columns of int_transactions__cleaned that follow from another, given the vars.
DERIVED = {
    "absolute_amount": "amount",
    "is_credit": "amount",
    "local_date": "transacted_at",
    "local_hour": "transacted_at",
    "local_iso_weekday": "transacted_at",
}


def model(name: str) -> str:
    return Path(MODELS, f"{name}.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["int_transactions__observed", "int_outcome_windows__aggregated"]
)
def test_every_column_read_is_in_the_hash(name: str) -> None:
    (listed,) = re.findall(
        r"row_hash\(\[(.*?)\]\)", model("int_days__fingerprinted"), re.DOTALL
    )
    hashed = set(re.findall(r"'(\w+)'", listed))
    read = set(re.findall(r"\btransactions\.(\w+)", model(name)))

    assert len(read) >= 3
    assert {DERIVED.get(column, column) for column in read} <= hashed


def test_nothing_else_reads_transactions_for_a_snapshot() -> None:
    readers = {
        path.stem
        for path in MODELS.glob("*.sql")
        if "ref('int_transactions__cleaned')" in (sql := path.read_text("utf-8"))
        and ("each_snapshot()" in sql or "snapshot_date" in sql)
    }
    # The audit of labels is built whole.
    assert readers - {"int_label_events__marked"} == {
        "int_transactions__observed",
        "int_outcome_windows__aggregated",
    }
