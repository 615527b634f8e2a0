"""The API's benchmark measures every server."""

from pathlib import Path

import pytest

from pipeline.processes import Children
from tests.benchmarks.serving.bench import run
from tests.benchmarks.workbench import Workbench


@pytest.mark.hard
def test_all_servers_are_measured(published: Path, tmp_path: Path) -> None:
    with Children() as children:
        bench = Workbench(folder=tmp_path, children=children, memory_limit="1GB")
        source = published / "releases"
        document = run(bench, source, customers=1_000, seconds=0.5, rounds=1)
    assert {"empty", "score", "scores", "forest"} <= set(document["loads"])
    assert all(one["requests"] for [one] in document["loads"].values())
    assert document["resident_bytes"] > 20e6
    assert 0 < document["seconds_to_ready"] < 60
