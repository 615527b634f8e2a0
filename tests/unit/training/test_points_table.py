"""The points table as a person reads it: every bin, every point, how to add."""

from collections.abc import Mapping

import pytest

from tests.unit.training.conftest import FinishedRun
from training.cli import main
from training.errors import TrainingError
from training.fitting import Frozen
from training.points_table import points_of_version, points_table


def test_every_bin_is_a_line_with_its_points(frozen: Mapping[str, Frozen]) -> None:
    tables = frozen["scorecard"].tables
    assert tables is not None
    lines = "\n".join(points_table(tables)).splitlines()
    assert lines[0].startswith(f"Scorecard {tables.model_version}: low expected")
    assert "600 means 50 good to 1 bad, 20 more double that" in lines[1]
    body = lines[2:]
    for feature in tables.features:
        start = next(i for i, line in enumerate(body) if feature["feature"] in line)
        bins = [row for row in tables.points if row["feature"] == feature["feature"]]
        shown = [line.split()[-1] for line in body[start + 1 : start + 1 + len(bins)]]
        assert shown == [f"{row['points']:.1f}" for row in bins]
        assert body[start + 1].strip().startswith("missing")
        assert body[start + 1 + len(bins)] == ""
    assert "channel_2" in "\n".join(lines)
    for grade in tables.rating_scale:
        assert any(line.startswith(f"{grade['grade']}: ") for line in lines)
    assert max(map(len, lines[2:])) <= 88


def test_many_categories_break_into_lines(frozen: Mapping[str, Frozen]) -> None:
    tables = frozen["scorecard"].tables
    assert tables is not None
    names = [f"category number {number}" for number in range(9)]
    for row in tables.points:
        if row["bin_kind"] == "category":
            many = {**row, "categories": names}
            points = [many if other is row else other for other in tables.points]
    changed = type(tables)(
        tables.scorecard, tables.features, points, tables.rating_scale
    )
    text = "\n".join(points_table(changed))
    assert all(name in text for name in names)
    assert max(map(len, text.splitlines()[2:])) <= 88


def test_the_command_prints_the_champion_or_a_version(
    finished: FinishedRun,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(finished.settings.data_dir))
    assert main(["points"]) == 0
    champion = capsys.readouterr().out
    version = champion.split()[1].rstrip(":")
    assert main(["points", "--version", version]) == 0
    assert capsys.readouterr().out == champion
    with pytest.raises(TrainingError, match="no model_version 'none'"):
        points_of_version(finished.settings, "none")
