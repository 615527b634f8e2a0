"""dbt_project/docs/features.md repeats the contract; this holds them together."""

from __future__ import annotations

import csv
import re

from tests.conftest import ROOT


def test_feature_docs_follow_the_contract() -> None:
    seed = ROOT / "dbt_project" / "seeds" / "feature_contract.csv"
    with seed.open(newline="") as file:
        expected = {
            row["name"]: f"{row['formula']} ({row['unit']})."
            for row in csv.DictReader(file)
        }
    text = (ROOT / "dbt_project" / "docs" / "features.md").read_text()
    blocks = dict(re.findall(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", text, re.S))
    assert blocks == expected
    assert len(blocks) == 26
